"""The append-only history: streams of events, each event chained to the one before.

Nothing but `tracker.ledger.writing` writes these tables, and triggers keep it that way.
"""

import json
from typing import Any

from django.conf import settings
from django.db import models


class Stream(models.Model):
    """The head of one stream: what an appender locks, and the last link of the chain."""

    name = models.CharField(max_length=80, primary_key=True)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One thing that happened to one subject; written once, never changed."""

    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    prev_hash = models.CharField(max_length=64, blank=True)
    body_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=100, blank=True, default="")
    request_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="event_seq"),
            models.UniqueConstraint(
                fields=["actor", "key", "stream"],
                condition=~models.Q(key=""),
                name="event_key",
            ),
            models.CheckConstraint(name="event_seq_from_one", condition=models.Q(seq__gte=1)),
        ]
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.action}"

    @property
    def redacted(self) -> bool:
        """Whether the body was emptied; note and snapshot are then gone for good."""
        return not self.body.text

    @property
    def note(self) -> str:
        """What the actor wrote; "" when nothing, or when redacted."""
        return self.body.content["note"] if self.body.content else ""

    @property
    def snapshot(self) -> dict[str, Any] | None:
        """The subject as it stood after this event; None when redacted."""
        return self.body.content["snapshot"] if self.body.content else None

    @property
    def extra(self) -> dict[str, Any]:
        """What the action added to the snapshot; {} when nothing, or when redacted."""
        return self.body.content.get("extra", {}) if self.body.content else {}


class EventBody(models.Model):
    """Note and snapshot of an event as canonical text; the text may only ever be emptied."""

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="body"
    )
    text = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"body of {self.event_id}"

    @property
    def content(self) -> dict[str, Any] | None:
        """The text as a value; None when the body was emptied."""
        return json.loads(self.text) if self.text else None
