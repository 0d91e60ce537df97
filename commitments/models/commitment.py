"""Commitments, and what ties them to documents, topics, people and each other."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from commitments.models.party import Party
from commitments.querysets import CommitmentQuerySet
from commitments.workflow import LIVE, DismissedAs, Kind, Period, State, Verdict
from documents.models import Document, Passage


class Strength(models.TextChoices):
    FIRM = "firm", "Firm"
    INTENDED = "intended", "Intended"
    ASPIRED = "aspired", "Aspired"


class Priority(models.TextChoices):
    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"


class DueBasis(models.TextChoices):
    """What a deadline rests on."""

    SENTENCE = "sentence", "The sentence itself"
    HEADING = "heading", "A heading above it"
    NONE = "none", "None stated"


class ReadBy(models.TextChoices):
    """Who turned the words of a deadline into dates."""

    NOBODY = "", "Not read"
    GRAMMAR = "grammar", "The grammar"
    PERSON = "reader", "A person"


class Topic(models.Model):
    """A subject that commitments are about."""

    LEDGERED: ClassVar[bool] = True

    name = models.CharField(max_length=120, unique=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ReferenceYear(models.Model):
    """The last number given out in a year; incremented under lock, never set back."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


def _live() -> Q:
    return Q(state__in=[*LIVE])


class Commitment(models.Model):
    """One act owed by one obligor.

    `state` says whose move it is, `verdict` what the auditor found. Overdue, due soon, undated
    and the like are derived, never stored. Fuzzy dates are EDTF strings with their strict bounds
    beside them.
    """

    LEDGERED: ClassVar[bool] = True
    # Kept for the planner and the lists; they follow from events and are no facts of their own.
    UNRECORDED: ClassVar[tuple[str, ...]] = (
        "schedule_changed_at",
        "active_on",
        "due_set_on",
        "review_set_on",
    )

    reference = models.CharField(max_length=16, null=True, blank=True, unique=True)
    title = models.CharField(max_length=300, help_text="One sentence, as an order: verb first.")
    obligor = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="owes"
    )
    on_behalf_of = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    beneficiaries = models.ManyToManyField(Party, blank=True, related_name="is_owed")
    requested_by = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    strength = models.CharField(max_length=8, choices=Strength.choices, blank=True)
    strength_words = models.CharField(
        max_length=100, blank=True, help_text="The record's own words for it."
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="commitments")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_commitments",
    )
    priority = models.CharField(max_length=6, choices=Priority.choices, default=Priority.NORMAL)
    priority_reason = models.CharField(max_length=300, blank=True)
    success_criteria = models.TextField(
        "evidence needed", blank=True, help_text="What would count as evidence."
    )
    condition = models.CharField(max_length=300, blank=True)
    made_on = models.CharField(max_length=40, blank=True, help_text="As EDTF.")
    made_from = models.DateField(null=True, blank=True)
    made_to = models.DateField(null=True, blank=True)

    due_text = models.CharField(
        max_length=300, blank=True, help_text="The deadline in the record's words."
    )
    due_edtf = models.CharField(max_length=40, blank=True)
    due_from = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="The latest day.")
    due_basis = models.CharField(max_length=8, choices=DueBasis.choices, default=DueBasis.NONE)
    due_read_by = models.CharField(max_length=8, choices=ReadBy.choices, blank=True, default="")
    due_confirmed = models.BooleanField(
        default=False, help_text="Somebody stands by the reading; only then can it be overdue."
    )
    first_due_text = models.CharField(max_length=300, blank=True)
    first_due_edtf = models.CharField(max_length=40, blank=True)
    first_due_from = models.DateField(null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    reopens_on = models.DateField(null=True, blank=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.CANDIDATE)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True, default="")
    came_from = models.JSONField(
        default=list, blank=True, help_text="States to go back to, latest last."
    )
    verdict_before = models.CharField(
        max_length=20, choices=Verdict.choices, blank=True, default=""
    )
    dismissed_as = models.CharField(
        max_length=20, choices=DismissedAs.choices, blank=True, default=""
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_basis = models.CharField(
        max_length=40, blank=True, help_text="citation:ID or item:ID the report rests on."
    )
    reported_effective = models.CharField(max_length=40, blank=True, help_text="As EDTF.")
    closed_at = models.DateTimeField(null=True, blank=True)
    period_outcome = models.CharField(max_length=8, choices=Period.choices, blank=True, default="")
    period_until = models.DateField(null=True, blank=True)

    restricted_to = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    confidence = models.DecimalField(
        max_digits=3, decimal_places=2, null=True, blank=True, help_text="From 0 to 1."
    )
    import_key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)
    schedule_changed_at = models.DateTimeField(db_index=True)
    due_set_on = models.DateField(
        null=True, blank=True, help_text="The day from which the present deadline counts."
    )
    review_set_on = models.DateField(
        null=True, blank=True, help_text="The day on which the present review date was set."
    )
    active_on = models.DateField(help_text="The day of the last activity, in the office's time.")
    captured_at = models.DateTimeField()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="commitment_live_is_complete",
                condition=~_live()
                | (
                    Q(obligor__isnull=False)
                    & Q(reference__isnull=False)
                    & (Q(due_on__isnull=False) | Q(review_on__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="commitment_closed_iff_verdict",
                condition=(Q(state=State.CLOSED) & ~Q(verdict=""))
                | (~Q(state=State.CLOSED) & Q(verdict="")),
            ),
            models.CheckConstraint(name="commitment_state_known", condition=Q(state__in=[*State])),
            models.CheckConstraint(
                name="commitment_verdict_known", condition=Q(verdict__in=["", *Verdict])
            ),
            models.CheckConstraint(name="commitment_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="commitment_due_in_order",
                condition=Q(due_from=None) | Q(due_on=None) | Q(due_on__gte=F("due_from")),
            ),
            models.CheckConstraint(
                name="commitment_candidate_has_no_reference",
                condition=~Q(state=State.CANDIDATE) | Q(reference=None),
            ),
            models.CheckConstraint(
                name="commitment_confidence",
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=_live(), name="live_by_due"),
            models.Index(fields=["review_on", "id"], condition=_live(), name="live_by_review"),
            models.Index(fields=["owner", "due_on", "id"], condition=_live(), name="live_by_owner"),
            models.Index(fields=["state", "due_on", "id"], name="by_state_and_due"),
            models.Index(fields=["obligor", "due_on", "id"], name="by_obligor_and_due"),
            models.Index(fields=["due_on", "id"], name="by_due"),
        ]
        permissions = [
            ("capture_commitment", "Can capture candidates"),
            ("confirm_commitment", "Can confirm candidates"),
            ("work_commitment", "Can follow up: start, wait, report, edit, cite, write"),
            ("assign_commitment", "Can assign an owner"),
            ("dismiss_commitment", "Can dismiss"),
            ("restore_commitment", "Can restore what was dismissed"),
            ("judge_commitment", "Can judge: close, send back, confirm a period"),
            ("reopen_commitment", "Can reopen"),
            ("void_commitment", "Can void and merge"),
            ("correct_commitment", "Can correct what is closed"),
            ("curate", "Can curate parties, topics and rules"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("commitment", args=[self.name])

    @property
    def name(self) -> str:
        """The reference, or "candidate-ID" as long as there is none; stands in addresses."""
        return self.reference or f"candidate-{self.pk}"

    @property
    def live(self) -> bool:
        return self.state in LIVE

    def overdue(self, today: date) -> bool:
        """The same rule as the queryset's `overdue`, for one commitment in hand."""
        pursued = self.live and self.state != State.REPORTED
        return bool(pursued and self.due_confirmed and self.due_on and self.due_on < today)

    def ledger_extra(self) -> dict[str, Any]:
        """The live citations and links stand in the commitment's own history."""
        citations = self.citations.filter(withdrawn_at=None).order_by("id")
        links = self.links_from.filter(withdrawn_at=None).order_by("id")
        return {
            "cited": [
                [pk, role, passage, document]
                for pk, role, passage, document in citations.values_list(
                    "id", "role", "passage_id", "document_id"
                )
            ],
            "linked": [[kind, other] for kind, other in links.values_list("kind", "target_id")],
        }


class CitationRole(models.TextChoices):
    ORIGIN = "origin", "Origin"
    RESTATEMENT = "restatement", "Restatement"
    PROGRESS = "progress", "Progress"
    EVIDENCE = "evidence", "Evidence"
    CONTRADICTION = "contradiction", "Contradiction"


class Citation(models.Model):
    """A commitment's tie to a document or to exact words in it. Withdrawn, never deleted."""

    LEDGERED: ClassVar[bool] = True

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="citations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="citations")
    passage = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="citations"
    )
    role = models.CharField(max_length=13, choices=CitationRole.choices)
    effective = models.CharField(max_length=40, blank=True, help_text="As EDTF.")
    effective_from = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True, help_text="The latest day.")
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "passage", "role"],
                condition=Q(withdrawn_at=None, passage__isnull=False),
                name="citation_of_passage_once",
            ),
            models.UniqueConstraint(
                fields=["commitment", "document", "role"],
                condition=Q(withdrawn_at=None, passage=None),
                name="citation_of_document_once",
            ),
            models.CheckConstraint(
                name="citation_withdrawn_with_reason",
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
            ),
            models.CheckConstraint(
                name="citation_evidence_is_dated",
                condition=~Q(role="evidence") | ~Q(effective=""),
            ),
        ]
        indexes = [models.Index(fields=["document", "role"], name="citation_by_document")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} in {self.document_id}"


class LinkKind(models.TextChoices):
    RESTATES = "restates", "restates"
    PART_OF = "part of", "is part of"
    DEPENDS_ON = "depends on", "depends on"
    FOLLOWS_FROM = "follows from", "follows from"
    SUPERSEDES = "supersedes", "supersedes"
    DUPLICATES = "duplicates", "duplicates"


class Link(models.Model):
    """What one commitment has to do with another."""

    LEDGERED: ClassVar[bool] = True

    source = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="links_from")
    target = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="links_to")
    kind = models.CharField(max_length=12, choices=LinkKind.choices)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(withdrawn_at=None),
                name="link_once",
            ),
            models.CheckConstraint(name="link_not_to_itself", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Watch(models.Model):
    """Somebody who wants to know of changes, and how far they have looked."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches"
    )
    seen_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "user"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.commitment_id}"
