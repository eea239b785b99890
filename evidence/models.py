"""What can be found (passages with their words and vectors) and what can be cited (sources)."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
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
        # By hash: an address may be longer than what fits in a tree.
        indexes: ClassVar[list[models.Index]] = [HashIndex(KT("csl__URL"), name="evidence_source_url")]

    def __str__(self) -> str:
        return self.title


class Passage(models.Model):
    """A findable piece of text, with every column the search filters on.

    `kind` and `ref` say whose text it is; only the owner knows what they mean. An id stands for
    one text seen by one public: who changes either gives a new one, so that whatever was noted
    under an id is right or about something that is gone. Its words stand in `Posting` until it
    is packed, then in the `WordList` of each.
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
    keys = models.TextField(blank=True)
    packed = models.BooleanField(default=False)
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
            # What filters leave little of is looked at without the approximate index.
            GinIndex(fields=["sectors"], name="evidence_sectors"),
            GinIndex(fields=["themes"], name="evidence_themes"),
            models.Index(fields=["kind", "public"], condition=Q(packed=False), name="evidence_unpacked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} part {self.part}"


class Posting(models.Model):
    """One analysed word in one passage that is not packed yet, and its weight there.

    Rows and not an array with a GIN index on the passage: taking the counts of a few words out
    of arrays cost seven times as much as this join (measured on 400 passages).
    """

    pk = models.CompositePrimaryKey("term", "passage_id")
    term = models.CharField(max_length=64, db_collation="C")
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="postings")
    impact = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.term} in passage {self.passage_id}"


class Shelf(models.Model):
    """The packed passages of one kind that one public may find: how many, and which lists are read."""

    pk = models.CompositePrimaryKey("kind", "public")
    kind = models.CharField(max_length=60)
    public = models.BooleanField()
    generation = models.PositiveIntegerField(default=1)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{'public' if self.public else 'internal'} {self.kind}"


class WordList(models.Model):
    """One word on one shelf: the passages it weighs most in, heaviest first.

    `ids` holds four bytes a passage (little-endian), `impacts` one; `count` is how many packed
    passages hold the word, which may be more than are listed. Lists may name passages that are
    gone: who reads them asks the passages. Lists of another generation than the shelf's are in
    the making, or over.
    """

    pk = models.CompositePrimaryKey("term", "kind", "public", "generation")
    term = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=60)
    public = models.BooleanField()
    generation = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    ids = models.BinaryField()
    impacts = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.term}: {self.count} of {self.kind}"


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


class Word(models.Model):
    """A word as somebody wrote it, folded: what a typing error is compared with.

    Public text and internal text each have their own row: a visitor's typing error is mended
    only with words a visitor may read.
    """

    pk = models.CompositePrimaryKey("word", "public")
    word = models.CharField(max_length=64, db_collation="C")
    public = models.BooleanField()

    def __str__(self) -> str:
        return self.word


class Calibration(models.Model):
    """The floor of one recipe, as `manage.py calibrate` found it in what this desk has."""

    recipe = models.CharField(max_length=200, unique=True)
    base = models.FloatField()
    kept = models.FloatField()  # part of the related questions that stands above it; 0 to 1
    rejected = models.FloatField()  # part of the unrelated questions that gets "nothing relevant"
    curve = models.JSONField(default=list)  # [kept, rejected] for ten bases
    passages = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.recipe} from {self.base:.3f}"


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
