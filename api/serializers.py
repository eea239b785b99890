"""Shapes in and out. Rules are elsewhere: shapes in are read off the forms of `questions.inputs`."""

from typing import Any, get_args

from django import forms
from rest_framework import serializers

from api.judgements import RemarkOut, ReviewOut
from evidence import nearness
from evidence.strength import Strength
from questions import inputs, workflow, writing
from questions.states import Direction, GapKind, ReviewKind, Significance, Turn
from questions.suggest import DEPTH

Data = dict[str, Any]


def shape_of(form: type[forms.Form], name: str, **more: serializers.Field[Any, Any, Any, Any]) -> Any:
    """A serializer that documents `form`; the form itself checks the data."""
    fields: Data = {key: field_of(key, field) for key, field in form.base_fields.items()}
    return type(name, (serializers.Serializer,), {**fields, **more})


def field_of(key: str, field: forms.Field) -> Any:
    options: Data = {"required": field.required, "help_text": field.label or key}
    if isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField | inputs.SourcesField):
        return serializers.ListField(child=serializers.CharField(), **options)
    if isinstance(field, inputs.NumbersField):
        return serializers.ListField(child=serializers.IntegerField(), **options)
    if isinstance(field, forms.ModelChoiceField):
        return serializers.EmailField(**options)
    if isinstance(field, forms.ChoiceField):
        choices = [(value, label) for value, label in list(field.choices) if value != ""]  # type: ignore[arg-type]
        return serializers.ChoiceField(choices=choices, allow_blank=not field.required, **options)
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**options)
    if isinstance(field, forms.IntegerField):
        return serializers.IntegerField(**options)
    if isinstance(field, forms.DateTimeField):
        return serializers.DateTimeField(**options)
    if isinstance(field, forms.DateField):
        return serializers.DateField(**options)
    if isinstance(field, forms.EmailField):
        return serializers.EmailField(max_length=field.max_length, **options)
    return serializers.CharField(
        max_length=getattr(field, "max_length", None), allow_blank=not field.required, **options
    )


class CitationIn(serializers.Serializer[Data]):
    source = serializers.CharField(help_text="id or key of a source")  # type: ignore[assignment]
    claim = serializers.CharField(max_length=50_000)
    locator = serializers.CharField(max_length=100, required=False, allow_blank=True)


def page_of(line: type[serializers.Serializer[Data]]) -> Any:
    """A cursor page of `line`."""
    fields: Data = {
        "next": serializers.URLField(allow_null=True, help_text="where the next page stands; null at the end"),
        "previous": serializers.URLField(allow_null=True),
        "results": line(many=True),
    }
    return type(line.__name__.replace("Out", "") + "Page", (serializers.Serializer,), fields)


AskIn = shape_of(inputs.Ask, "Ask")
MessageIn = shape_of(inputs.SayAsDesk, "NewMessage")
SuggestIn = shape_of(inputs.Look, "Look")
ExpertIn = shape_of(writing.Expert, "Expert")
AnswerIn = shape_of(
    writing.Texts,
    "AnswerDraft",
    citations=CitationIn(many=True, required=False),
    consulted=ExpertIn(many=True, required=False),
)


class AskedOut(serializers.Serializer[Data]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()
    tracking_url = serializers.URLField()


class OptionOut(serializers.Serializer[Data]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    open = serializers.BooleanField()
    reason = serializers.CharField(help_text="why it is closed; empty when open")
    missing = serializers.ListField(child=serializers.CharField(), help_text="the same, one sentence for each thing")
    fields = serializers.DictField(help_text="what it asks for: name → required")  # type: ignore[assignment]


class EventOut(serializers.Serializer[Data]):
    at = serializers.DateTimeField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    by = serializers.CharField()
    why = serializers.CharField()


class QuestionLine(serializers.Serializer[Data]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()
    title = serializers.CharField()
    sector = serializers.CharField()
    role = serializers.CharField()
    language = serializers.CharField()
    track = serializers.CharField()
    themes = serializers.ListField(child=serializers.CharField())
    assignee = serializers.EmailField(allow_null=True)
    held_until = serializers.DateField(allow_null=True, help_text="the last day of the claim; work renews it")
    turn = serializers.ChoiceField(choices=Turn.choices)
    waiting_since = serializers.DateTimeField(allow_null=True, help_text="since when the asker is waited for")
    due_on = serializers.DateField(allow_null=True, help_text="the last day on which the desk is on time")
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class ExpectedOut(serializers.Serializer[Data]):
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField(help_text="it takes longer than most; there are no dates")
    is_paused = serializers.BooleanField(help_text="the asker has to say something first; there are no dates")
    cases = serializers.IntegerField(help_text="how many cases of the last year this rests on")


class QuestionOut(QuestionLine):
    expected = ExpectedOut(allow_null=True, help_text="when an answer is to be expected, from measured throughput")
    text = serializers.CharField()
    context = serializers.CharField()  # type: ignore[assignment]
    tried = serializers.CharField()
    behalf = serializers.CharField()
    on_behalf_of = serializers.CharField()
    region = serializers.CharField()
    articulated = serializers.CharField()
    frame = serializers.DictField(child=serializers.CharField())
    agreement = serializers.CharField()
    waived_because = serializers.CharField()
    early_because = serializers.CharField(help_text="why research began before the asker agreed")
    wordings = serializers.ListField(child=serializers.DictField(), help_text="every wording, the oldest first")
    askers = serializers.ListField(child=serializers.CharField(), help_text="the kinds of participation")
    read_before = serializers.ListField(child=serializers.IntegerField())
    read_sources = serializers.ListField(child=serializers.CharField())
    answer_number = serializers.IntegerField(allow_null=True)
    merged_into = serializers.IntegerField(allow_null=True)
    desk = serializers.CharField(help_text="the slug of the desk that has the question")
    handed_to = serializers.CharField(
        allow_null=True, help_text="the desk outside this system that the asker was sent on to"
    )
    declined_because = serializers.CharField()
    alternative = serializers.CharField()
    embargo_until = serializers.DateTimeField(allow_null=True)
    publish_at = serializers.DateTimeField(allow_null=True, help_text="when it becomes public by itself")
    transitions = OptionOut(many=True)
    events = EventOut(many=True)


class CitationOut(serializers.Serializer[Data]):
    n = serializers.IntegerField()
    source = serializers.UUIDField()  # type: ignore[assignment]
    key = serializers.CharField()
    claim = serializers.CharField()
    locator = serializers.CharField()
    reference = serializers.CharField(help_text="APA 7")
    doi = serializers.CharField(allow_null=True)


class NamedOut(serializers.Serializer[Data]):
    """A consulted expert, who agreed to be named."""

    name = serializers.CharField()
    role = serializers.CharField()


class ExpertOut(NamedOut):
    agreed_on = serializers.DateField()
    agreed_by = serializers.CharField()


class TextOut(serializers.Serializer[Data]):
    asked_as = serializers.CharField(help_text="the asker's own words, as far as everybody may read them")
    short_answer = serializers.CharField()
    explanation = serializers.CharField()
    conclusion = serializers.CharField(help_text="what follows from it")
    strength = serializers.ChoiceField(choices=Strength.choices, allow_blank=True)
    strength_label = serializers.CharField()
    direction = serializers.ChoiceField(choices=Direction.choices, allow_blank=True)
    gap = serializers.CharField()
    gap_kind = serializers.ChoiceField(choices=GapKind.choices, allow_blank=True)
    team_questions = serializers.CharField(help_text="up to three, one a line")
    team_try = serializers.CharField()
    team_watch = serializers.CharField()
    look_again_on = serializers.DateField(allow_null=True)
    significance = serializers.ChoiceField(
        choices=Significance.choices, allow_blank=True, help_text="what this version changed; blank for the first one"
    )
    change_note = serializers.CharField(help_text="what changed, in words for readers")
    searched = serializers.ListField(child=serializers.DictField(), help_text="place, day and hits of each search")
    citations = CitationOut(many=True)
    consulted = NamedOut(many=True)


class DraftOut(TextOut):
    strength_because = serializers.CharField(help_text="why the strength is not what the ledger proposes")
    consulted = ExpertOut(many=True)
    state = serializers.CharField()
    version = serializers.IntegerField(help_text="0 when nothing has been written yet")
    language = serializers.CharField()
    transitions = OptionOut(many=True)
    reviews = ReviewOut(many=True)
    reviews_open = serializers.ListField(
        child=serializers.ChoiceField(choices=ReviewKind.values), help_text="the kinds that are needed and not given"
    )
    remarks = RemarkOut(many=True)


class AnswerLine(serializers.Serializer[Data]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.URLField()
    language = serializers.CharField()
    short_answer = serializers.CharField()
    strength = serializers.ChoiceField(choices=Strength.choices)
    published_at = serializers.DateTimeField()


class AnswerOut(TextOut):
    number = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.URLField()
    language = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    retraction = serializers.CharField()
    replaced_by = serializers.IntegerField(allow_null=True, help_text="the number of the answer to read instead")
    published_at = serializers.DateTimeField()


class MessageOut(serializers.Serializer[Data]):
    id = serializers.UUIDField()
    from_asker = serializers.BooleanField()
    by = serializers.CharField()
    body = serializers.CharField()
    at = serializers.DateTimeField()


class MessagesOut(serializers.Serializer[Data]):
    results = MessageOut(many=True)


class SourceIn(serializers.Serializer[Data]):
    type = serializers.CharField(help_text="CSL type, such as article-journal")
    title = serializers.CharField()
    author = serializers.ListField(child=serializers.DictField(), required=False)
    issued = serializers.DictField(required=False)
    DOI = serializers.CharField(required=False)
    URL = serializers.CharField(required=False)


class SourceOut(serializers.Serializer[Data]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    csl = serializers.DictField(help_text="the CSL-JSON item")
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    doi = serializers.CharField(allow_null=True)
    design = serializers.CharField()
    population = serializers.CharField()
    country = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    strength = serializers.CharField()
    finding_nl = serializers.CharField()
    finding_en = serializers.CharField()
    reference = serializers.CharField(help_text="APA 7")
    url = serializers.URLField()


class WhyOut(serializers.Serializer[Data]):
    words = serializers.ListField(
        child=serializers.CharField(), help_text="the words of title and passage that hold a word of the query"
    )
    meaning = serializers.ChoiceField(
        choices=get_args(nearness.Degree),
        help_text="how near in meaning: same (the same question in other words), close, some; none: not compared",
    )


class HitOut(serializers.Serializer[Data]):
    kind = serializers.CharField()
    id = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    url = serializers.URLField()
    score = serializers.FloatField()
    passage = serializers.CharField(help_text="the best sentences of the passage that matches, plain text")
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2),
        help_text="start and end of each matching word in `passage`, in code points, the end not included",
    )
    why = WhyOut()
    locator = serializers.CharField(help_text="where the passage stands: a page or a heading")


CORRECTED = "words that stand nowhere here, and the known word that was looked for instead of each"


class SuggestionsOut(serializers.Serializer[Data]):
    answers = HitOut(many=True)
    sources = HitOut(many=True)
    working = HitOut(many=True, help_text="agreed questions the desk works on now, which everybody may read")
    questions = HitOut(many=True, required=False, help_text="open questions; for people of the desk")
    asked_now = HitOut(
        many=True, required=False, help_text="those of `questions` that ask the same; for people of the desk"
    )
    others_asking = serializers.IntegerField(
        required=False,
        help_text="how many people ask the same now, in steps (3, 5, 10, 20, 50); 0: fewer than three. "
        "For people of the desk `asked_now` stands in its place",
    )
    nothing_relevant = serializers.BooleanField()
    degraded = serializers.BooleanField(help_text="words only: there is no model at the moment")
    corrected = serializers.DictField(child=serializers.CharField(), help_text=CORRECTED)


class SearchOut(serializers.Serializer[Data]):
    results = HitOut(many=True)
    total = serializers.IntegerField(help_text="how many hits there are on all pages")
    more = serializers.BooleanField(
        help_text=f"there are more than the {DEPTH} hits that are counted: read each count as “at least”"
    )
    facets = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="for each filter: how many hits each of its values gives beside the other filters",
    )
    nothing_relevant = serializers.BooleanField()
    degraded = serializers.BooleanField()
    corrected = serializers.DictField(child=serializers.CharField(), help_text=CORRECTED)


class Problem(serializers.Serializer[Data]):
    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField(), required=False)
    errors = serializers.ListField(child=serializers.DictField(), required=False)  # type: ignore[assignment]


def options_out(options: list[workflow.Option]) -> list[Data]:
    return [
        {
            "name": one.name,
            "label": one.label,
            "open": one.open,
            "reason": one.reason,
            "missing": one.missing,
            "fields": {key: {"required": field.required} for key, field in one.form.base_fields.items()},
        }
        for one in options
    ]
