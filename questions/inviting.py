"""Asking somebody from outside to review one answer; their verdict goes through the same door as that of colleagues."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence import kept
from evidence.bells import ring
from questions import checklists, inputs, intake, limits, mail, reviewing, tasks, workflow, writing
from questions.models import Event, Invitation, Question, Review, Version
from questions.permissions import may_invite
from questions.refusals import NotNow, NotThere, NotYou, TooMany
from questions.states import ReviewKind, VersionState

MOST = 10  # links to one version that work at the same time
LONGEST = timedelta(days=90)
WRONG_LINKS_AN_HOUR = 300


def usual_end() -> date:
    return timezone.localdate() + timedelta(days=settings.INVITED_DAYS)


class Invite(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    kind = forms.ChoiceField(label=gettext_lazy("What to judge"), choices=ReviewKind.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES)
    until = forms.DateField(label=gettext_lazy("Up to and including"), required=False, initial=usual_end)
    note = inputs.Long(label=gettext_lazy("A word to this person"), max_length=limits.REASON, required=False)
    covers_changes = forms.BooleanField(
        label=gettext_lazy("Also show the text when it changes after this"), required=False, initial=True
    )

    def clean_until(self) -> date:
        today = timezone.localdate()
        until: date = self.cleaned_data["until"] or usual_end()
        if not today < until <= today + LONGEST:
            raise ValidationError(_("Choose a day after today and within three months."))
        return until


class Judge(forms.Form):
    """The verdict of somebody from outside."""

    checked = forms.MultipleChoiceField(
        label=gettext_lazy("Tick what is true"),
        choices=checklists.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("What do you think of the answer?"),
        choices=[
            (Review.Result.APPROVED, gettext_lazy("It is good like this")),
            (Review.Result.CHANGES, gettext_lazy("Something has to change first")),
        ],
        error_messages=inputs.missing(gettext_lazy("Choose what you think of the answer.")),
    )
    remarks = inputs.Long(
        label=gettext_lazy("What else do you want to say?"), max_length=limits.MESSAGE, required=False
    )
    may_be_named = forms.BooleanField(
        label=gettext_lazy("My name may be shown with the answer when it is public"), required=False
    )


# --- By the desk ----------------------------------------------------------------------------------


def invite(question: Question, data: Mapping[str, Any], *, by: Any) -> Invitation:
    """Write to somebody from outside with a link to this answer alone. Raises NotYou, NotNow or ValidationError."""
    version = allowed(question, by)
    cleaned = inputs.clean_form(Invite, data)
    with transaction.atomic():
        question, version = workflow.lock(question), workflow.lock(version)
        if version.state != VersionState.IN_REVIEW:
            raise NotNow(_("The answer is not in review now."))
        if not question.articulated:
            raise NotNow(_("There is no sharpened question yet."))  # the asker's own words go to nobody
        refuse_insiders(version, by, cleaned["email"])
        live = version.invitations.live()
        if live.filter(email__iexact=cleaned["email"], kind=cleaned["kind"]).exists():
            raise ValidationError({"email": [_("This person was invited for this already.")]})
        if live.count() >= MOST:
            raise NotNow(_("These are more invitations than one answer can have. Withdraw one first."))
        fields = {**cleaned, "email": cleaned["email"].lower()}
        row = Invitation.send(version=version, invited_by=by, revision=version.revision, **fields)
        tell(question, row, "invite", by)
    ring(tasks.deliver)
    return row


def allowed(question: Question, by: Any) -> Version:
    version = writing.current(question)
    if version is None:
        raise NotNow(_("There is no answer that can be reviewed now."))
    if not may_invite(version, by):
        raise NotYou(_("This is for %(who)s.") % {"who": may_invite.who})  # type: ignore[attr-defined]
    return version


def refuse_insiders(version: Version, by: Any, email: str) -> None:
    """Nobody judges their own text, also not by way of a link."""
    own = set(version.authors.values_list("email", flat=True)) | {by.email}
    if version.item.holder is not None:
        own.add(version.item.holder.email)
    if plain(email) in {plain(one) for one in own}:
        raise ValidationError({"email": [_("This is somebody who writes the answer, or yourself. Ask somebody else.")]})


def plain(email: str) -> str:
    """An address without what many mail servers leave out (name+anything@…)."""
    local, _at, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def tell(question: Question, row: Invitation, name: str, by: Any) -> None:
    state = question.state
    data = {"kind": row.kind, "invited": str(row.pk)}  # without the name, which goes one day
    event = Event.record(name, by=by, question=question, version=row.version, source=state, target=state, data=data)
    mail.tell(event)


def call_off(question: Question, pk: Any, *, by: Any) -> None:
    """End the link. What was judged stays. A second time changes nothing and writes to nobody."""
    row = found(question, pk, by)
    with transaction.atomic():
        if Invitation.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            tell(question, row, "uninvite", by)


def forget(question: Question, pk: Any, *, by: Any) -> None:
    """Take the name and the address of an invited reviewer out, everywhere and for good."""
    forget_person(found(question, pk, by))


def found(question: Question, pk: Any, by: Any) -> Invitation:
    version = allowed(question, by)
    row: Invitation | None = Invitation.objects.filter(version__item=version.item_id, pk=pk).first()
    if row is None:
        raise NotThere(_("There is no such invitation."))
    return row


def forget_person(row: Invitation) -> None:
    row.forget()
    row.letters.filter(sent_at=None).delete()
    kept.forget()  # pages that named them


# --- By whoever was invited ------------------------------------------------------------------------


def open_link(token: str, *, network: str) -> Invitation | None:
    """Whose link this is. Opening it changes nothing, so that mail scanners may.

    Raises TooMany for a network that tries many links.
    """
    key = f"wrong-review-links:{intake.prefix(network)}"
    wrong = cache.get(key, 0)
    if wrong >= WRONG_LINKS_AN_HOUR:
        raise TooMany(_("This is more than the desk takes from one place in this time. Please try again later."), 3600)
    row = Invitation.find(token)
    if row is None:
        cache.set(key, wrong + 1, 3600)
    return row


def is_open(row: Invitation) -> bool:
    """Whether there is something to judge now: the text is in review and they did not judge it as it is."""
    version = row.version
    return version.state == VersionState.IN_REVIEW and row.covers(version) and verdict_on(row) is None


def verdict_on(row: Invitation) -> Any:
    """What they said of the text as it stands."""
    return row.reviews.filter(revision=row.version.revision, void_at=None).order_by("-at", "-pk").first()


def judge(row: Invitation, data: Mapping[str, Any], *, expected: str) -> None:
    """Approve or ask for changes; once for one text. Raises NotNow, NotYou, Stale or ValidationError."""
    cleaned = inputs.clean_form(Judge, data)
    named = cleaned.pop("may_be_named")
    with transaction.atomic():
        version = workflow.lock(row.version)
        if row.reviews.filter(revision=version.revision, void_at=None).exists():
            raise NotNow(_("You have judged this text. It can be judged again when it changes."))
        name, given = as_move(row, cleaned)
        workflow.perform(version, name, by=row, data=given, expected=expected)
        # Who is removed in this second has no name to be told.
        Invitation.objects.filter(pk=row.pk).exclude(email="").update(may_be_named=named)


def as_move(row: Invitation, cleaned: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The step of the version that a verdict asks for, and its data. Who wants a change says which."""
    given = {"kind": row.kind, "remarks": cleaned["remarks"]}
    if cleaned["verdict"] == Review.Result.APPROVED:
        return "approve", {**given, "checked": cleaned["checked"]}
    if not given["remarks"] and not row.remarks.filter(outcome="").exists():
        raise ValidationError({"remarks": [_("Say what has to change, here or with a remark at the text.")]})
    return "request_changes", {**given, "remarks": given["remarks"] or _("See the remarks at the text.")}


def say(row: Invitation, data: Mapping[str, Any]) -> Any:
    """A remark at a paragraph, while there is something to judge."""
    if not is_open(row):
        raise NotNow(_("This text cannot be judged now."))
    return reviewing.say(row.version, data, by=row)


def export(row: Invitation) -> dict[str, Any]:
    """All that the desk holds of an invited reviewer, as plain data."""
    return {
        "name": row.name,
        "email": row.email,
        "language": row.language,
        "invited_at": row.created_at.isoformat(),
        "until": row.until.isoformat(),
        "judges": row.kind,
        "note": row.note,
        "may_be_named": row.may_be_named,
        "reviews": [
            {"at": one.at.isoformat(), "verdict": one.verdict, "remarks": one.remarks, "checklist": one.checked}
            for one in row.reviews.all()
        ],
        "remarks": [{"at": one.at.isoformat(), "remark": one.body, "answer": one.answer} for one in row.remarks.all()],
        "letters": [
            {"at": one.created_at.isoformat(), "kind": one.kind, "sent": one.sent_at is not None}
            for one in row.letters.order_by("created_at")
        ],
    }
