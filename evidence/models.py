"""What can be found (passages with their words and vectors) and what can be cited (sources)."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from evidence.strength import Strength


class Theme(models.Model):
    """A subject of the desk, in Dutch and English."""

    slug = models.SlugField(max_length=60, unique=True)
    label_nl = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    scope_nl = models.TextField(blank=True)
    scope_en = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "slug"]

    def __str__(self) -> str:
        return self.label_nl


class Collection(models.Model):
    """Where sources come from: the own library or a harvested repository."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    public = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "slug"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """A publication that can be cited; `csl` is its CSL-JSON item, the rest is our reading."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    csl = models.JSONField(default=dict)
    doi = models.CharField(max_length=300, null=True, blank=True, unique=True)
    title = models.CharField(max_length=1000)
    year = models.SmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    design = models.CharField(max_length=200, blank=True)
    population = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=200, blank=True)
    sectors = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    finding_nl = models.TextField(blank=True)
    finding_en = models.TextField(blank=True)
    strength = models.CharField(max_length=12, blank=True, choices=Strength.choices)
    collection = models.ForeignKey(Collection, null=True, blank=True, on_delete=models.PROTECT, related_name="sources")
    themes = models.ManyToManyField(Theme, blank=True, related_name="sources")
    public = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["title", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(doi__isnull=True) | ~Q(doi=""), name="evidence_source_doi_or_null")
        ]

    def __str__(self) -> str:
        return self.title


class Passage(models.Model):
    """A findable piece of text, with every column the search filters on.

    `kind` and `ref` say whose text it is; only the owner knows what they mean. Its words stand
    in `Posting`; `length` is how many there are with repeats.
    """

    kind = models.CharField(max_length=60)
    ref = models.CharField(max_length=80)
    part = models.PositiveIntegerField()
    public = models.BooleanField()
    desk = models.IntegerField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    sectors = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    themes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    year = models.SmallIntegerField(null=True, blank=True)
    strength = models.CharField(max_length=12, blank=True)
    collection = models.CharField(max_length=60, blank=True)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)
    locator = models.CharField(max_length=100, blank=True)
    length = models.PositiveIntegerField(default=0)
    words_recipe = models.CharField(max_length=40)
    text_hash = models.CharField(max_length=32)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "ref", "part"], name="evidence_passage_once")
        ]
        # Public and internal text stand in indexes apart: a visitor's search never walks
        # through what the desk keeps to itself, and its speed does not tell how much there is.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "id"], condition=Q(public=True), name="evidence_public"),
            models.Index(fields=["kind", "id"], condition=Q(public=False), name="evidence_internal"),
            models.Index(fields=["words_recipe"], name="evidence_words_recipe"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} part {self.part}"


class Posting(models.Model):
    """One analysed word in one passage and how often it stands there.

    Rows and not an array with a GIN index on the passage: taking the counts of a few words out
    of arrays cost seven times as much as this join (measured on 400 passages).
    """

    pk = models.CompositePrimaryKey("term", "passage_id")
    term = models.CharField(max_length=64)
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="postings")
    count = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.term} in passage {self.passage_id}"


class Vector(models.Model):
    """A passage's vector of one recipe, and until it is there the work of making it.

    No row, or a row without an embedding, is work to do. `attempts` is counted before the work
    begins; `next_attempt_at` is lease and back-off in one; a row with `dead_at` is given up.
    """

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="vectors")
    recipe = models.CharField(max_length=200)
    public = models.BooleanField()
    embedding = HalfVectorField(null=True)  # no dimension: models of several sizes side by side
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recipe", "passage"], name="evidence_vector_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["recipe", "next_attempt_at"], condition=Q(embedding__isnull=True), name="evidence_vector_work"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipe} of passage {self.passage_id}"


class ReadRecipe(models.Model):
    """The one row that says whose vectors searches read, and which recipe is to follow.

    `indexed_…`: the recipe has an approximate index for that text. `next_since`: what was put
    after it gets a vector of both recipes, so that nothing new is missing until the switch;
    `next_seen`: when somebody last worked at it.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    recipe = models.CharField(max_length=200)
    since = models.DateTimeField()
    indexed_public = models.BooleanField(default=False)
    indexed_internal = models.BooleanField(default=False)
    next_recipe = models.CharField(max_length=200, blank=True)
    next_since = models.DateTimeField(null=True)
    next_seen = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="evidence_readrecipe_one")
        ]

    def __str__(self) -> str:
        return self.recipe
