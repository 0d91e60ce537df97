"""Reminders: the rules, the notices they give rise to, and the mail that carries them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Anchor(models.TextChoices):
    """The date a rule counts from; AT_ONCE marks direct requests, which no sweep plans."""

    DUE = "due_on", "Deadline"
    REVIEW = "review_on", "Review date"
    REPLY_DUE = "reply_due_on", "Reply due"
    LAST_ACTIVITY = "active_on", "Last activity"
    REPORTED = "reported_at", "Reported on"
    AT_ONCE = "at_once", "At once, when it happens"


class Audience(models.TextChoices):
    OWNER = "owner", "Owner"
    WATCHERS = "watchers", "Watchers"
    AUDITORS = "auditors", "Auditors"
    SUPERVISOR = "supervisor", "The owner's supervisor"
    HEADS = "heads", "The supervisor's supervisor"
    NAMED = "named", "Whoever it concerns"


class Subject(models.TextChoices):
    COMMITMENT = "commitment", "Commitment"
    FOLLOW_UP = "follow_up", "Follow-up"


class ReminderRule(models.Model):
    """When to remind whom of what. A rule never reaches back before `active_from`."""

    LEDGERED: ClassVar[bool] = True

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=False)
    active_from = models.DateField(null=True, blank=True, help_text="The day it was switched on.")
    anchor = models.CharField(max_length=12, choices=Anchor.choices)
    offset_days = models.SmallIntegerField(
        default=0, help_text="Days after the date; negative is before."
    )
    repeat_every = models.PositiveSmallIntegerField(
        default=0, help_text="Days between repeats; 0 means once."
    )
    repeat_times = models.PositiveSmallIntegerField(
        default=0, help_text="How many repeats at most."
    )
    audience = models.CharField(max_length=10, choices=Audience.choices)
    states = models.JSONField(default=list, blank=True, help_text="Empty means all live ones.")
    kinds = models.JSONField(default=list, blank=True, help_text="Empty means all.")
    priorities = models.JSONField(default=list, blank=True, help_text="Empty means all.")
    immediate = models.BooleanField(
        default=False, help_text="Mail at once instead of in the daily digest."
    )

    class Meta:
        ordering = ["anchor", "offset_days", "code"]
        constraints = [
            models.CheckConstraint(
                name="rule_active_since", condition=Q(active=False) | ~Q(active_from=None)
            ),
            models.CheckConstraint(
                name="rule_repeats_end",
                condition=Q(repeat_every=0, repeat_times=0)
                | Q(repeat_every__gte=1, repeat_times__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MailKind(models.TextChoices):
    DIGEST = "digest", "Daily digest"
    IMMEDIATE = "immediate", "At once"


class MailState(models.TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Nothing left to say"
    DEAD = "dead", "Given up"


class Mail(models.Model):
    """One mail to one person: rendered and sent inside a claim, at least once.

    A claim is `lease_until` in the future under `lease`, a random token; whoever holds it may
    send and mark. `day` is the office's date the mail belongs to. `attempts` is counted before
    the work begins; `interrupted` are those of them that ended without a word, because the
    process died. `announced_at` is when the queue was last told of it.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails"
    )
    kind = models.CharField(max_length=9, choices=MailKind.choices)
    day = models.DateField()
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=7, choices=MailState.choices, default=MailState.PENDING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField(help_text="The next attempt is not made before this.")
    announced_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    interrupted = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True, default="")
    message_id = models.CharField(max_length=200)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state="pending"), name="mail_pending"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """One reminder to one person about one thing on one day: exactly once.

    `subject_kind` and `subject_id` name a commitment or a follow-up. `schedule_no` tells one
    setting of the date from the next, so that a date moved there and back reminds again: the day
    it was set, as a number such as 20261123; for what is noticed at once, the event's number.
    """

    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="notices")
    subject_kind = models.CharField(max_length=10, choices=Subject.choices)
    subject_id = models.BigIntegerField()
    schedule_no = models.PositiveIntegerField()
    occurrence_on = models.DateField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    created_at = models.DateTimeField()
    mail = models.ForeignKey(
        Mail, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    words = models.CharField(max_length=300, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "rule",
                    "subject_kind",
                    "subject_id",
                    "schedule_no",
                    "occurrence_on",
                    "recipient",
                ],
                name="notice_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient", "id"], condition=Q(mail=None), name="notice_unmailed"
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.subject_kind}:{self.subject_id} {self.occurrence_on}"


class Watermark(models.Model):
    """How far a sweep has come; only an optimisation, the unique keys are the truth."""

    name = models.CharField(max_length=40, primary_key=True)
    swept_to = models.DateField(null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
