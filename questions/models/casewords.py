"""The words of a case, to filter the desk's queue by: apart, so that moving a case leaves them alone."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from questions.models.question import Question


class CaseWords(models.Model):
    """The terms of one case as `evidence.words` analyses them, and by which recipe."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="words")
    terms = ArrayField(models.CharField(max_length=64, db_collation="C"))
    recipe = models.CharField(max_length=40)

    class Meta:
        indexes = [GinIndex(fields=["terms"], name="case_words")]

    def __str__(self) -> str:
        return f"words of {self.question_id}"
