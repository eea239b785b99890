"""What a case is about: its themes, changed as one learns more."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from evidence.models import Theme
from questions import findable, permissions
from questions.models import conditions as when
from questions.moves import move
from questions.refusals import NotNow
from questions.states import OPEN, State

SORTED = (*OPEN, State.ANSWERED, State.PUBLISHED)


class Themed(models.Model):
    """Part of `Question`. Themes lead brokers to the case and readers to the answer."""

    themes = models.ManyToManyField(Theme, blank=True, related_name="questions")

    class Meta:
        abstract = True

    @move("state", _("Change the themes"), SORTED, RETURN_VALUE(*SORTED), permissions.may_sort, when.confirmed)
    def retheme(self: Any, *, by: Any, add: Iterable[Theme] = (), remove: Iterable[Theme] = ()) -> str:
        before = set(self.themes.all())
        after = (before | set(add)) - set(remove)
        if after == before:
            raise NotNow(_("These are its themes already."))
        self.themes.set(after)
        self._put_again()
        return str(self.state)

    def _put_again(self: Any) -> None:
        """Whatever of this case can be found, is found under its themes."""
        if self.state in OPEN:
            findable.put_question(self)
        if self.shown_at:
            findable.put_working(self)
        living = self.item and self.item.living()
        if living:
            findable.put_answer(living)
