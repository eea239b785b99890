"""What reviewers said of an answer, as the API gives it."""

from typing import Any

from rest_framework import serializers

from questions.states import ReviewKind

Data = dict[str, Any]


class ReviewOut(serializers.Serializer[Data]):
    kind = serializers.ChoiceField(choices=ReviewKind.values)
    verdict = serializers.CharField()
    remarks = serializers.CharField()
    reviewer = serializers.CharField()
    at = serializers.DateTimeField()
    stands = serializers.BooleanField(help_text="it is about the text as it is now")


class RemarkOut(serializers.Serializer[Data]):
    """What a reviewer said of one paragraph."""

    id = serializers.IntegerField()
    field = serializers.CharField()
    n = serializers.IntegerField(help_text="paragraph, counted from 0, in the text that the remark was made on")
    quoted = serializers.CharField(help_text="that paragraph; empty where it holds words of somebody else")
    body = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    outcome = serializers.CharField(help_text="empty while it waits")
    answer = serializers.CharField()
