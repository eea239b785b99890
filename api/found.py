"""What finding gives, as machines read it."""

from typing import Any, get_args

from rest_framework import serializers

from evidence import nearness
from questions.suggest import DEPTH

Data = dict[str, Any]


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
