"""What was said, where, exactly: documents, their bytes, their texts and the marked passages."""

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse

from documents.querysets import DocumentQuerySet, PassageQuerySet


class DocumentKind(models.TextChoices):
    FLASH_REPORT = "flash_report", "Flash report"
    LETTER = "letter", "Letter"
    BRIEFING = "briefing", "Briefing"
    MINUTES = "minutes", "Minutes"
    EMAIL = "e-mail", "E-mail"
    OTHER = "other", "Other"


def originals_storage() -> Any:
    """The content-addressed store for the bytes as received."""
    return storages["originals"]


class Original(models.Model):
    """The bytes as received. Many documents may share one; it never changes."""

    LEDGERED: ClassVar[bool] = True

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    media_type = models.CharField(max_length=100)
    file_name = models.CharField(max_length=255, help_text="As it was sent.")
    file = models.FileField(storage=originals_storage, max_length=255)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


class Text(models.Model):
    """One extraction of an original. Never edited; a better extraction is a new text.

    `text` has LF line ends, NFC, no NUL and plain spaces only. The starts are offsets in code
    points.
    """

    LEDGERED: ClassVar[bool] = True
    # The digest stands for the words: a snapshot need not carry the whole text again.
    UNRECORDED: ClassVar[tuple[str, ...]] = ("text",)

    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="texts")
    extractor = models.CharField(max_length=60, help_text="Name and version.")
    language = models.CharField(max_length=10, blank=True)
    text = models.TextField()
    page_starts = models.JSONField()
    paragraph_starts = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text in UTF-8.")
    extracted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["original", "extractor", "digest"], name="text_once")
        ]

    def __str__(self) -> str:
        return f"{self.original} by {self.extractor}"

    def ledger_extra(self) -> dict[str, Any]:
        """A digest of the words as they stand, so that verifying the history finds an edit."""
        return {"words": hashlib.sha256(self.text.encode()).hexdigest()}


class Document(models.Model):
    """A record of what was said. Never deleted; it can be withdrawn with a reason."""

    LEDGERED: ClassVar[bool] = True

    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=DocumentKind.choices, default=DocumentKind.OTHER)
    reference = models.CharField(
        max_length=100, blank=True, help_text="As the record gives it, such as Ares(2022)5123950."
    )
    dated = models.CharField(max_length=40, blank=True, help_text="As EDTF, such as 2019-03~.")
    dated_from = models.DateField(null=True, blank=True)
    dated_to = models.DateField(null=True, blank=True)
    about = models.CharField(
        max_length=40, blank=True, help_text="The day or time it tells of, as EDTF."
    )
    about_from = models.DateField(null=True, blank=True)
    about_to = models.DateField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    participants = models.JSONField(default=list, blank=True, help_text="Names, as a list.")
    note = models.TextField(blank=True)
    restricted_to = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    import_key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-dated_from", "title", "id"]
        constraints = [
            models.CheckConstraint(
                name="document_withdrawn_with_reason",
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_reason=""),
            ),
            models.CheckConstraint(
                name="document_dated_in_order",
                condition=models.Q(dated_from=None)
                | models.Q(dated_to=None)
                | models.Q(dated_to__gte=models.F("dated_from")),
            ),
        ]
        permissions = [
            ("capture_document", "Can file documents"),
            ("correct_document", "Can correct what is said about a document"),
            ("withdraw_document", "Can withdraw documents"),
            ("view_restricted", "Can see restricted documents and commitments"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])

    def current_text(self) -> Text | None:
        """The newest extraction: what the reader shows."""
        return self.original.texts.order_by("-id").first()


class Passage(models.Model):
    """The exact words as first marked. Citations point here; it never changes.

    `prefix` and `suffix` are up to 32 characters on either side, as in the W3C Web Annotation
    text-quote selector.
    """

    LEDGERED: ClassVar[bool] = True

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="passages")
    quote = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="passage_has_words", condition=~models.Q(quote=""))
        ]

    def __str__(self) -> str:
        return self.quote

    def get_absolute_url(self) -> str:
        return f"{reverse('document', args=[self.document_id])}#m{self.pk}"


class Placement(models.Model):
    """Where a passage stands in one text; start and end are offsets in code points."""

    LEDGERED: ClassVar[bool] = True

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="placements")
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="placements")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.BooleanField()
    method = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField(default=100, help_text="From 0 to 100.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passage", "text"], name="placement_once"),
            models.CheckConstraint(name="placement_start", condition=models.Q(start__gte=0)),
            models.CheckConstraint(
                name="placement_span", condition=models.Q(end__gt=models.F("start"))
            ),
            models.CheckConstraint(name="placement_score", condition=models.Q(score__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
