"""What was said to and by the other side since."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from commitments.models.commitment import Commitment
from commitments.models.party import Party
from commitments.querysets import FollowUpQuerySet
from documents.models import Document


class Channel(models.TextChoices):
    LETTER = "letter", "Letter"
    EMAIL = "e-mail", "E-mail"
    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"


class Direction(models.TextChoices):
    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"


class Position(models.TextChoices):
    """What the obligor's reply says of the commitment."""

    AGREES = "agrees", "Agrees"
    IN_PART = "in_part", "Agrees in part"
    DISPUTES = "disputes", "Disputes"


class FollowUp(models.Model):
    """A letter, e-mail, call or meeting, with one party, about one or many commitments."""

    LEDGERED: ClassVar[bool] = True
    UNRECORDED: ClassVar[tuple[str, ...]] = ("schedule_changed_at",)

    title = models.CharField("subject", max_length=200)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="follow_ups")
    happened_on = models.DateField("date")
    words = models.TextField("what was said", blank=True)
    documents = models.ManyToManyField(Document, blank=True, related_name="follow_ups")
    reply_due_on = models.DateField(null=True, blank=True)
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="logged_follow_ups"
    )
    version = models.PositiveIntegerField(default=1)
    schedule_changed_at = models.DateTimeField(db_index=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_reply_due_when_sent",
                condition=Q(reply_due_on=None) | Q(direction="sent"),
            ),
            models.CheckConstraint(
                name="follow_up_answers_when_received",
                condition=Q(answers=None) | Q(direction="received"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["reply_due_on", "id"],
                condition=Q(reply_due_on__isnull=False),
                name="follow_up_by_reply",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("follow-up", args=[self.pk])

    def ledger_extra(self) -> dict[str, Any]:
        """The items belong to the letter's own history."""
        rows = self.items.order_by("id").values_list(
            "commitment_id", "position", "answer", "answered_by__follow_up_id"
        )
        return {"covers": [list(row) for row in rows]}


class FollowUpItem(models.Model):
    """One commitment in one letter: the obligor's position and answer where it is a reply."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="items")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="follow_up_items"
    )
    position = models.CharField(max_length=8, choices=Position.choices, blank=True, default="")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "commitment"], name="item_once")
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} about {self.commitment_id}"
