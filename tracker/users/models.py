"""The people who sign in, and the office they work in."""

import zoneinfo
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class DigestDays(models.TextChoices):
    WEEKDAYS = "weekdays", "Monday to Friday"
    DAILY = "daily", "Every day"
    NEVER = "never", "Never; in the app only"


class Theme(models.TextChoices):
    SYSTEM = "system", "System"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class User(AbstractUser):
    """A person, or the account "Tracker", which acts for the system and cannot sign in."""

    LEDGERED: ClassVar[bool] = True
    # What a sign-in stamps is no change worth a line in the history; secrets never enter it.
    UNRECORDED: ClassVar[tuple[str, ...]] = ("password", "last_login", "theme")

    language = models.CharField(max_length=10, default="en-gb")
    theme = models.CharField(max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    digest_hour = models.PositiveSmallIntegerField(
        default=7,
        validators=[MinValueValidator(0), MaxValueValidator(23)],
        help_text="The hour of the daily mail, in the office's time.",
    )
    digest_days = models.CharField(
        max_length=8, choices=DigestDays.choices, default=DigestDays.WEEKDAYS
    )
    supervisor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supervises"
    )
    deputy = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in_for"
    )
    absent_from = models.DateField(null=True, blank=True)
    absent_until = models.DateField(null=True, blank=True, help_text="The last day of absence.")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_absence_in_order",
                condition=models.Q(absent_from=None)
                | models.Q(absent_until=None)
                | models.Q(absent_until__gte=models.F("absent_from")),
            ),
            models.CheckConstraint(
                name="user_digest_hour", condition=models.Q(digest_hour__lte=23)
            ),
        ]

    def __str__(self) -> str:
        return self.first_name or self.username


def is_a_zone(name: str) -> None:
    """Refuse a name that the zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Write it like Europe/Brussels.")


class Office(models.Model):
    """The office that runs this register: one row."""

    LEDGERED: ClassVar[bool] = True

    name = models.CharField(max_length=200, default="Oversight office")
    zone_name = models.CharField(
        "time zone", max_length=64, default="Europe/Brussels", validators=[is_a_zone]
    )
    sender = models.EmailField(
        "sender of mail", default="tracker@localhost", help_text="The address mail comes from."
    )
    closure_days = models.JSONField(
        default=list, blank=True, help_text="Dates on which the office is closed, as 2026-12-25."
    )

    class Meta:
        verbose_name = "office"
        verbose_name_plural = "office"
        constraints = [models.CheckConstraint(name="one_office", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone in which this office's days begin and end."""
        return zoneinfo.ZoneInfo(self.zone_name)

    @classmethod
    def current(cls) -> "Office":
        """The office's row, or the defaults as long as nobody has saved one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
