"""Names for the ids that stand in the history, and words for its values.

A snapshot holds ids, codes and EDTF. A page shows names, labels and dates as people write them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import (
    CharField,
    IntegerField,
    Model,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from commitments.models import (
    CitationRole,
    Commitment,
    DueBasis,
    LinkKind,
    Party,
    Priority,
    ReadBy,
    Strength,
    Topic,
)
from commitments.workflow import DismissedAs, Kind, Period, State, Verdict
from tracker import fuzzy, wording
from tracker.users.models import User

PARTY, PERSON, TOPIC, GROUP, OTHER = "party", "person", "topic", "group", "commitment"
HIDDEN = "one you may not see"
NONE = "none"
YES, NO = "yes", "no"

# What a field holds: one id or several of a kind, a code of a list, or a date.
IDS = {
    "obligor": PARTY,
    "on_behalf_of": PARTY,
    "requested_by": PARTY,
    "beneficiaries": PARTY,
    "owner": PERSON,
    "reported_by": PERSON,
    "topics": TOPIC,
    "restricted_to": GROUP,
    "merged_into": OTHER,
}
CODES: dict[str, Any] = {
    "state": State,
    "verdict": Verdict,
    "kind": Kind,
    "strength": Strength,
    "priority": Priority,
    "due_basis": DueBasis,
    "due_read_by": ReadBy,
    "dismissed_as": DismissedAs,
    "period_outcome": Period,
}
FUZZY = ("due_edtf", "first_due_edtf", "made_on", "reported_effective", "effective")
DAYS = ("review_on", "reopens_on", "period_until")
# The labels, in the order in which a difference is shown. What is not named here follows from
# something else that is, or is of use to the machine only.
LABELS = {
    "state": "State",
    "verdict": "Verdict",
    "title": "Commitment",
    "obligor": "Obligor",
    "on_behalf_of": "On behalf of",
    "beneficiaries": "Owed to",
    "requested_by": "Asked for by",
    "kind": "Kind",
    "strength": "Strength",
    "strength_words": "Its words for the strength",
    "due_text": "Deadline",
    "due_edtf": "Read as",
    "due_basis": "Rests on",
    "due_confirmed": "Reading confirmed",
    "review_on": "Review on",
    "reopens_on": "Reopens on",
    "condition": "Condition",
    "success_criteria": "Evidence needed",
    "owner": "Owner",
    "topics": "Topics",
    "priority": "Priority",
    "priority_reason": "Why this priority",
    "made_on": "Made on",
    "dismissed_as": "Dismissed as",
    "merged_into": "Merged into",
    "reported_by": "Reported by",
    "reported_effective": "Effective on",
    "period_outcome": "Period",
    "period_until": "Period until",
    "restricted_to": "Restricted to",
    "note": "Note",
    "reference": "Reference",
}

Row = tuple[str, int, str, int]


@dataclass
class Names:
    """What was looked up: the name for each kind and id, and the rows in the order found."""

    known: dict[tuple[str, int], str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def of(self, kind: str, pk: Any) -> str:
        return self.known.get((kind, pk), HIDDEN)


def person_name() -> Coalesce:
    """The expression for how a person is called, as `str(user)` has it."""
    return Coalesce(NullIf("first_name", Value("")), "username")


def commitment_name(prefix: str = "") -> Coalesce:
    """The expression for a commitment's reference, or "candidate-ID"."""
    candidate = Concat(Value("candidate-"), Cast(f"{prefix}id", CharField()))
    return Coalesce(f"{prefix}reference", candidate, output_field=CharField())


def select(kind: str, rows: QuerySet[Any], name: Any, number: Any = 0) -> QuerySet[Any]:
    """One branch of the look-up: (kind, id, name, number) for each row."""
    figure = Value(number) if isinstance(number, int) else number
    return rows.order_by().values_list(
        Value(kind, CharField()),
        "pk",
        Cast(name, CharField()),
        Cast(figure, IntegerField()),
    )


SOURCES: dict[str, Callable[[User], tuple[QuerySet[Any], Any]]] = {
    PARTY: lambda reader: (Party.objects.all(), "name"),
    PERSON: lambda reader: (User.objects.all(), person_name()),
    TOPIC: lambda reader: (Topic.objects.all(), "name"),
    GROUP: lambda reader: (Group.objects.all(), "name"),
    OTHER: lambda reader: (Commitment.objects.visible_to(reader), commitment_name()),
}


def look_up(reader: User, wanted: Mapping[str, Iterable[int]], *more: QuerySet[Any]) -> Names:
    """The names of these ids, and whatever the other branches (see `select`) give: one query."""
    branches = list(more)
    for kind, ids in wanted.items():
        if ids:
            rows, name = SOURCES[kind](reader)
            branches.append(select(kind, rows.filter(pk__in=list(ids)), name))
    names = Names()
    if not branches:
        return names
    found = branches[0].union(*branches[1:], all=True) if branches[1:] else branches[0]
    for row in sorted(found, key=lambda row: row[2].casefold()):
        names.known[row[0], row[1]] = row[2]
        names.rows[row[0]].append(row)
    return names


def ids_in(values: Iterable[tuple[str, Any]]) -> dict[str, set[int]]:
    """The ids that stand in these (field, value) pairs, by what they name."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for name, value in values:
        if name in IDS and value:
            wanted[IDS[name]].update(value if isinstance(value, list) else [value])
    return wanted


def in_words(name: str, value: Any, names: Names) -> str:
    """A value of a snapshot as a page shows it; "none" for nothing."""
    if value in (None, "", []):
        return NONE
    if name in IDS:
        ids = value if isinstance(value, list) else [value]
        return ", ".join(sorted(names.of(IDS[name], pk) for pk in ids))
    if name in CODES:
        return str(dict(CODES[name].choices).get(value, value))
    if isinstance(value, bool):
        return YES if value else NO
    return _date_in_words(name, value)


def _date_in_words(name: str, value: Any) -> str:
    if name in DAYS:
        return wording.day(value if isinstance(value, date) else date.fromisoformat(value))
    if name not in FUZZY:
        return str(value)
    try:
        return fuzzy.wording(value)
    except ValueError:
        return str(value)


def as_recorded(value: Any) -> Any:
    """A value in hand (a row, a list of rows, a date) as a snapshot would hold it."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | QuerySet):
        return sorted(as_recorded(one) for one in value)
    return value


def role_in_words(role: str) -> str:
    return str(CitationRole(role).label)


def link_in_words(kind: str) -> str:
    return str(LinkKind(kind).label)
