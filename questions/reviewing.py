"""Reviewing an answer: remarks at its paragraphs, what is still open, and what stands before publication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions import inputs, limits, paragraphs, workflow, writing
from questions.models import Question, Remark, Review, Version
from questions.paragraphs import Paragraph, Place
from questions.permissions import may_review, reviewers
from questions.refusals import NotNow, NotThere, NotYou, TextChanged, sentences
from questions.states import ReviewKind, State, VersionState

MOST = 200  # remarks of one person on one version


class Say(forms.Form):
    """A remark at a paragraph: which one, and what is to be said of it."""

    field = forms.ChoiceField(choices=[(one, one) for one in paragraphs.FIELDS], widget=forms.HiddenInput)
    n = forms.IntegerField(min_value=0, max_value=9_999, widget=forms.HiddenInput)
    etag = forms.RegexField(r'^"[0-9a-z-]{1,60}"$', required=False, widget=forms.HiddenInput)
    body = inputs.Long(
        label=gettext_lazy("Your remark"), max_length=limits.REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettleRemark(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What did you do with it?"), choices=Remark.Outcome.choices, widget=forms.RadioSelect
    )
    answer = inputs.Long(
        label=gettext_lazy("Why, or how"),
        max_length=limits.REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("outcome") == Remark.Outcome.NOT_DONE and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Say why you did not do it."))
        return data


# --- Remarks ----------------------------------------------------------------------------------


def say(version: Version, data: Mapping[str, Any], *, by: Any) -> Remark:
    """Keep a remark of a reviewer; its author reads it at once.

    Raises NotYou, NotNow (the text is not in review, or changed so that its paragraph is gone), ValidationError.
    """
    cleaned = inputs.clean_form(Say, data)
    with transaction.atomic():
        version = workflow.lock(version)
        by = workflow.present(by)
        if not may_review(version, by):
            raise NotYou(_("This is for %(who)s.") % {"who": may_review.who})  # type: ignore[attr-defined]
        if version.state != VersionState.IN_REVIEW:
            raise NotNow(_("The answer is not in review now."))
        mine = [one for one in version.remarks.all() if one.is_of(by)]
        same = [
            one for one in mine if (one.field, one.n, one.body) == tuple(cleaned[k] for k in ("field", "n", "body"))
        ]
        if same:  # a second click
            return same[0]
        if len(mine) >= MOST:
            raise NotNow(_("These are more remarks than one review can hold."))
        return Remark.objects.create(version=version, **writer(by), **anchored(version, cleaned))


def anchored(version: Version, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    rows = paragraphs.paragraphs(version)
    here = next((one for one in rows if (one.field, one.n) == (cleaned["field"], cleaned["n"])), None)
    words = _("The text changed since you opened this page. Look where your remark belongs now.")
    if cleaned["etag"] not in ("", version.etag):
        raise TextChanged(words, version)
    if here is None:
        raise NotNow(words)
    return {"field": here.field, "n": here.n, "quoted": here.quote, "body": cleaned["body"]}


def writer(by: Any) -> dict[str, Any]:
    return {"invitation": by} if hasattr(by, "invited_by_id") else {"reviewer": by}


def take_back(version: Version, pk: int, *, by: Any) -> None:
    """Remove one's own remark, while nobody has reacted to it. Raises NotThere or NotNow."""
    with transaction.atomic():
        row = found(version.remarks, pk)
        if row.outcome or not row.is_of(by):
            raise NotNow(_("There is no such remark of yours that waits."))
        row.delete()


def found(remarks: Any, pk: int) -> Remark:
    """This one of `remarks`, ours until the transaction ends."""
    row: Remark | None = remarks.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotThere(_("There is no such remark."))
    return row


def settle(question: Question, pk: int, data: Mapping[str, Any], *, by: Any) -> Remark:
    """Write down what the author did with a remark. Raises NotYou, NotThere, NotNow or ValidationError."""
    refuse_unless_written_by(question, by)
    cleaned = inputs.clean_form(SettleRemark, data)
    with transaction.atomic():
        question = workflow.lock(question)
        refuse_unless_written_by(question, by)
        row = found(Remark.objects.filter(version__item=question.item_id), pk)
        if row.outcome:
            raise NotNow(_("There is no such remark that waits."))
        row.outcome, row.answer = cleaned["outcome"], cleaned["answer"]
        row.settled_by, row.settled_at = by, timezone.now()
        row.save(update_fields=["outcome", "answer", "settled_by", "settled_at"])
    return row


def refuse_unless_written_by(question: Question, by: Any) -> None:
    if not writing.may_write(question, by):
        raise NotYou(_("This is for whoever writes the answer."))


def placed(rows: Sequence[Remark], now: Sequence[Paragraph]) -> dict[int, Place]:
    """Where each remark belongs in the text as it is `now`, by its id."""
    return {row.pk: paragraphs.place(row.field, row.n, row.quoted, now) for row in rows}


# --- What changed since somebody judged ---------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A field that is not what it was; the words are left out where they are those of somebody else."""

    field: str
    before: str
    now: str


def changes(review: Review, version: Version) -> list[Change]:
    """What changed in the text since `review` was given."""
    now, before = version.judged(), review.judged
    found = []
    for field in paragraphs.FIELDS:
        old, new = before.get(field, []), now.get(field, [])
        if old != new:
            hidden = field in paragraphs.OTHERS_WORDS
            found.append(Change(field, "" if hidden else "\n\n".join(old), "" if hidden else "\n\n".join(new)))
    return found


def last_of(version: Version, by: Any) -> Review | None:
    """What `by` judged last of this version, on whatever text."""
    mine = {"invitation": by} if hasattr(by, "invited_by_id") else {"reviewer": by}
    return version.reviews.filter(**mine).order_by("-at", "-pk").first()


# --- Who still has to look --------------------------------------------------------------------


def waiting_for(user: Any) -> Any:
    """The versions in review that `user` is asked to judge: never their own.

    Who judged this text does not see it again until it changes, unless no colleague is left for the other kinds.
    """
    rows = Version.objects.filter(state=VersionState.IN_REVIEW).exclude(authors=user)
    given = Review.objects.filter(void_at=None, revision=OuterRef("revision"), version=OuterRef("pk"))
    wrote = Version.authors.through.objects
    left = reviewers().exclude(pk=user.pk)
    left = left.exclude(Exists(wrote.filter(version_id=OuterRef(OuterRef("pk")), user_id=OuterRef("pk")))).exclude(
        Exists(
            Review.objects.filter(
                void_at=None,
                version_id=OuterRef(OuterRef("pk")),
                revision=OuterRef(OuterRef("revision")),
                reviewer_id=OuterRef("pk"),
            )
        )
    )
    return rows.filter(~Exists(given.filter(reviewer=user)) | ~Exists(left))


# --- What stands between a case and its publication ---------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing that must be so before the answer is public, in the words of the rule itself."""

    words: str
    is_met: bool


def readiness(question: Question, version: Version | None) -> list[Step]:
    """Everything the declared rules ask before the answer is public, in the order in which it is done."""
    if version is None:
        return [Step(_("There is no answer yet."), is_met=False)]
    found = [*of_rules(version, "submit"), *of_kinds(version)]
    found += of_rules(question, "answer", besides=("answer_approved",))
    sent = question.state in (State.ANSWERED, State.PUBLISHED)
    found.append(Step(_("The asker has the answer.") if sent else _("The asker does not have the answer yet."), sent))
    return [*found, *of_rules(question, "publish", besides=("answer_approved", "remarks_settled"))]


def of_rules(subject: Question | Version, name: str, besides: Sequence[str] = ()) -> list[Step]:
    """The conditions of a transition, from wherever it is declared."""
    move = next(move for move in workflow.moves(type(subject)) if move.name == name)
    rows = [check for check in move.conditions if check.__name__ not in besides]
    return [
        Step(str(check.met), is_met=True) if not (no := sentences(check, subject)) else Step(" ".join(no), is_met=False)
        for check in rows
    ]


def of_kinds(version: Version) -> list[Step]:
    """The reviews that are needed, each with who gave it."""
    standing = version.standing()
    return [of_kind(kind, standing.get(kind)) for kind in version.needed_kinds()]


def of_kind(kind: str, review: Review | None) -> Step:
    label = ReviewKind(kind).label
    if review is None:
        return Step(_("Review of %(kind)s: to be done.") % {"kind": label}, is_met=False)
    if review.verdict != Review.Result.APPROVED:
        return Step(_("Review of %(kind)s: changes are needed.") % {"kind": label}, is_met=False)
    return Step(_("Review of %(kind)s: approved by %(who)s.") % {"kind": label, "who": review.who}, is_met=True)
