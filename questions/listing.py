"""The queue of the desk: its views, its filters and its pages. Page and API read the same ones."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brokers import clock
from brokers.models import User
from brokers.sectors import Sector
from evidence.models import Theme
from questions import casewords, inputs, keyset, reporting, reviewing
from questions.keyset import Order
from questions.models import Question, Version
from questions.models.queued import DUE_BY
from questions.states import OPEN, State, Track, Turn, VersionState

PAGE = 25
CAP = 1_000
LONGEST = 2_000  # working days
EPOCH = date(2010, 1, 1)  # no case is older

Rows = Callable[[Any, Any], Any]
NEWEST, OLDEST, DUE = "newest", "oldest", "due"
ORDERS: dict[str, Order] = {
    NEWEST: Order("confirmed_at", is_descending=True),
    OLDEST: Order("confirmed_at"),
    DUE: Order("due_by"),
}
ORDER_LABELS = [(NEWEST, _("Newest first")), (OLDEST, _("Longest waiting first")), (DUE, _("Most urgent first"))]
ME, NONE = "me", "none"
# What a person works on, whatever the view; whose it is and how far it got is what views are about.
WORKED_ON = ("track", "sector", "theme", "age")


@dataclass(frozen=True)
class View:
    """One way to look at the queue. `rows` narrows the cases a person may see; `perm` is needed to have any.

    An `is_fixed` order is what the view is about, and the only one in which it is read without sorting.
    """

    name: str
    label: Any
    rows: Rows
    order: Order = ORDERS[NEWEST]
    perm: str = ""
    is_fixed: bool = False


def mine(rows: Any, user: Any) -> Any:
    return rows.filter(assignee=user, state__in=[State.ASSIGNED, State.ANSWERED])


def unclaimed(rows: Any, user: Any) -> Any:
    return rows.unclaimed()


def offered(rows: Any, user: Any) -> Any:
    """Cases of brokers who are away: others may take them over."""
    return rows.offered().exclude(assignee=user)


def waits_for_asker(rows: Any, user: Any) -> Any:
    return rows.filter(turn_now=Turn.ASKER)


def in_review(rows: Any, user: Any) -> Any:
    return rows.filter(answer_now=VersionState.IN_REVIEW)


def to_review(rows: Any, user: Any) -> Any:
    """Cases with an answer in review that this person is asked to judge: never their own."""
    return in_review(rows, user).filter(item__in=reviewing.waiting_for(user).values("item"))


def to_publish(rows: Any, user: Any) -> Any:
    ready = rows.filter(answer_now=VersionState.APPROVED, state__in=[State.ANSWERED, State.PUBLISHED])
    return ready.filter(~written_by(user, VersionState.APPROVED))


def written_by(user: Any, state: str) -> Exists:
    """Whether this person wrote in the answer that is in `state`."""
    return Exists(
        Version.authors.through.objects.filter(user=user, version__state=state, version__item=OuterRef("item"))
    )


def reported(rows: Any, user: Any) -> Any:
    """Cases with an answer in which a reader reported a mistake that waits."""
    return rows.filter(item__in=reporting.waiting().values("version__item"))


def overdue(rows: Any, user: Any) -> Any:
    return rows.filter(due_on__lt=timezone.localdate())


def is_open(rows: Any, user: Any) -> Any:
    return rows.filter(state__in=OPEN)


def everything(rows: Any, user: Any) -> Any:
    return rows


VIEWS = (
    View("mine", _("My cases"), mine, ORDERS[DUE], "questions.work_question"),
    View("unclaimed", _("Waiting for a broker"), unclaimed, ORDERS[OLDEST]),
    View("offered", _("Offered: their broker is away"), offered, ORDERS[OLDEST]),
    View("asker", _("Waiting for the asker"), waits_for_asker, Order("waiting_since"), is_fixed=True),
    View("in_review", _("In review"), in_review, ORDERS[OLDEST]),
    View("review", _("To review"), to_review, ORDERS[OLDEST], "questions.review_version"),
    View("publish", _("To publish"), to_publish, ORDERS[OLDEST], "questions.publish_question"),
    View("reported", _("Reported mistakes"), reported),
    View("overdue", _("Overdue"), overdue, Order("due_on"), is_fixed=True),
    View("open", _("All open"), is_open),
    View("all", _("Everything"), everything),
)
BY_NAME = {view.name: view for view in VIEWS}


class Filters(forms.Form):
    """What the queue can be narrowed to; a theme or broker that is not there finds nothing."""

    view = forms.ChoiceField(label=_("View"), choices=[(view.name, view.label) for view in VIEWS], required=False)
    q = forms.CharField(label=_("Words or number"), max_length=200, required=False)
    state = forms.ChoiceField(label=_("State"), choices=State.choices, required=False)
    track = forms.ChoiceField(label=_("Track"), choices=Track.choices, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, required=False)
    theme = forms.CharField(label=_("Theme"), max_length=100, required=False)
    assignee = forms.CharField(label=_("Broker"), max_length=254, required=False)
    age = forms.IntegerField(
        label=_("At least so many working days old"), min_value=1, max_value=LONGEST, required=False
    )
    order = forms.ChoiceField(label=_("Order"), choices=ORDER_LABELS, required=False)

    def clean_assignee(self) -> str:
        who: str = self.cleaned_data["assignee"]
        if who not in ("", "me", "none") and "@" not in who:
            raise ValidationError(_("Write “me”, “none” or the e-mail address of a broker."))
        return who

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("order") and data.get("view") and BY_NAME[data["view"]].is_fixed:
            self.add_error("order", _("This view has an order of its own."))
            data.pop("order")
        return data


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see of the queue, as `Filters` checked it.

    `assignee` is `me`, `none` or the address of a broker; `age` is in working days.
    """

    view: str = ""
    q: str = ""
    state: str = ""
    track: str = ""
    sector: str = ""
    theme: str = ""
    assignee: str = ""
    age: int | None = None
    order: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What it is narrowed to, without the view and the order."""
        return {name: value for name, value in self.query.items() if name not in ("view", "order")}

    @property
    def query(self) -> dict[str, str]:
        """The same as it stands in an address."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) for name, value in found.items() if value not in ("", None)}

    def without(self, name: str) -> "Wanted":
        """The same, not narrowed down to this."""
        blank: Any = None if name == "age" else ""
        return replace(self, **{name: blank})

    def seen_in(self, view: str) -> "Wanted":
        """Another view, narrowed down to the same work."""
        return Wanted(view=view, **{name: getattr(self, name) for name in WORKED_ON})


def wanted(given: Mapping[str, str]) -> Wanted:
    """Exactly what was asked for; ValidationError names each value that cannot be used."""
    return Wanted(**inputs.clean_form(Filters, given))


def usable(given: Mapping[str, str]) -> tuple[Wanted, list[str]]:
    """What can be used of what was asked for, and the labels of what cannot."""
    form = Filters({name: inputs.seen(given.get(name, "")) for name in Filters.base_fields})
    form.full_clean()
    return Wanted(**form.cleaned_data), [str(form.fields[name].label) for name in form.errors]


def cases(user: Any) -> Any:
    """The cases `user` may see, with what a line of the queue shows of them."""
    return Question.objects.visible_to(user).select_related("assignee").prefetch_related("themes")


def rows(user: Any, what: Wanted) -> Any:
    """The cases that `what` asks for, in no order yet."""
    view = BY_NAME[what.view or "all"]
    found = narrowed(looked_at(cases(user), what), user, what)
    return view.rows(found, user) if has(view, user) else found.none()


def looked_at(found: Any, what: Wanted) -> Any:
    """What was set aside as spam is in no view: only who asks for that state, or for its number, finds it."""
    if what.state:
        return found
    number = casewords.number_meant(what.q) if what.q else None
    return found.without_spam() if number is None else found.filter(~Q(state=State.SPAM) | Q(number=number))


def has(view: View, user: Any) -> bool:
    return not view.perm or user.has_perm(view.perm)


def order(what: Wanted) -> Order:
    return ORDERS[what.order] if what.order else BY_NAME[what.view or "all"].order


def page(user: Any, what: Wanted, *, after: str = "", before: str = "", size: int = PAGE) -> keyset.Page:
    """One page of what is wanted, beside a place that another page named."""
    by = order(what)
    found = rows(user, what)
    if by.field == "due_by":
        found = found.annotate(due_by=DUE_BY)
    return keyset.page(found, by, size=size, after=after, before=before)


def views_of(user: Any) -> tuple[str, ...]:
    return tuple(view.name for view in VIEWS if has(view, user))


def counts(user: Any) -> dict[str, int]:
    """How many cases each view of `user` holds, in one query.

    CAP stands for as many or more, since counting a big table costs time that grows with it.
    """
    names = views_of(user)
    if Question.objects.visible_to(user).query.is_empty():
        return dict.fromkeys(names, 0)
    with connection.cursor() as cursor:
        cursor.execute(*counting(user, names, timezone.localdate(), CAP))
        return dict(zip(names, cursor.fetchone(), strict=True))


@lru_cache(maxsize=512)
def counting(user: Any, names: tuple[str, ...], today: date, cap: int) -> tuple[str, list[Any]]:
    """The query of `counts` and its values, kept because to put it together takes longer than to ask it.

    It follows from who asks and the day alone (what is overdue, who is away), so these are what it is kept by.
    """
    visible = Question.objects.visible_to(user).without_spam().order_by()
    views = [BY_NAME[name].rows(visible, user).values("pk")[:cap].query.sql_with_params() for name in names]
    asked = ", ".join(f"(SELECT count(*) FROM ({sql}) AS one)" for sql, _given in views)
    return f"SELECT {asked}", [value for _sql, given in views for value in given]


def capped(number: int) -> str:
    """Beyond 999 nobody needs to know."""
    return f"{CAP - 1}+" if number >= CAP else str(number)


def narrowed(found: Any, user: Any, what: Wanted) -> Any:
    """The rows that fit every filter.

    What is named by a slug, an address or words is looked up first: what the database then plans, it
    plans knowing how rare that is, and does not walk the whole queue for the one case that fits.
    """
    found = found.filter(**{name: value for name in ("state", "track", "sector") if (value := getattr(what, name))})
    if what.theme:
        theme = Theme.objects.filter(slug=what.theme).first()
        found = found.filter(pk__in=Question.themes.through.objects.filter(theme=theme).values("question"))
    if what.assignee:
        found = found.filter(held_by(what.assignee, user))
    if what.age:
        found = found.filter(confirmed_at__lt=start_of(days_ago(what.age)))
    return found.filter(pk__in=holding(what.q)) if what.q else found


def holding(text: str) -> Any:
    """The cases that hold these words: their ids when they are few, else the query for them."""
    query = casewords.holding(text)
    few = list(query.values_list("question", flat=True)[:CAP])
    return few if len(few) < CAP else query


def held_by(assignee: str, user: Any) -> Q:
    if assignee in (ME, NONE):
        return Q(assignee=user if assignee == ME else None)
    broker = User.objects.filter(email__iexact=assignee).first()
    return Q(assignee=broker) if broker else Q(pk__in=[])


def days_ago(days: int, today: date | None = None) -> date:
    """The first day on which a case that has been here `days` working days or more did not come yet."""
    today = today or timezone.localdate()
    # Working days grow as one goes back: the nearest day that is far enough, and the day after it.
    back = range((today - EPOCH).days + 1)
    far = bisect_left(back, days, key=lambda ago: clock.working_days(today - timedelta(days=ago), today))
    return today - timedelta(days=far - 1)


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def age(row: Question, today: date) -> int | None:
    """Working days since a case came in; None when it has ended."""
    if row.confirmed_at is None or row.state not in OPEN:
        return None
    return clock.working_days(timezone.localtime(row.confirmed_at).date(), today)
