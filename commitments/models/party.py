"""Parties, and the words by which records call them."""

import unicodedata
from typing import Any, ClassVar

from django.db import models

from commitments.querysets import PartyQuerySet


class PartyKind(models.TextChoices):
    INSTITUTION = "institution", "Institution"
    COMPANY = "company", "Company"
    AUTHORITY = "authority", "Authority"
    GOVERNMENT = "government", "Government"
    PERSON = "person", "Person"
    GROUP = "group", "Group"


def fold(words: str) -> str:
    """Words as they are matched: without case, accents and doubled spaces."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


class Party(models.Model):
    """Somebody who owes, is owed, or asks. It may be vague, never missing."""

    LEDGERED: ClassVar[bool] = True

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=PartyKind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    members = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="member_of"
    )
    members_complete = models.BooleanField(
        "all members known", default=False, help_text="The members named are all there are."
    )
    holder = models.CharField(
        max_length=200, blank=True, help_text="Who held the office when the record was made."
    )
    contact_email = models.EmailField(blank=True)
    note = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    import_key = models.CharField(max_length=200, null=True, blank=True, unique=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(merged_into=None), name="party_name_once"
            ),
            models.CheckConstraint(name="party_has_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def ledger_extra(self) -> dict[str, Any]:
        """The aliases belong to the party's own history."""
        words = self.aliases.order_by("words", "id").values_list("words", "document_id")
        return {"called": [[word, document] for word, document in words]}


class Alias(models.Model):
    """Words that stand for a party, everywhere or in one document only."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="aliases")
    words = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, editable=False, db_index=True)
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "folded", "document"], name="alias_once_in_document"
            ),
            models.UniqueConstraint(
                fields=["party", "folded"],
                condition=models.Q(document=None),
                name="alias_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return self.words
