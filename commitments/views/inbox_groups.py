"""The groups of My follow-ups: each row with its next action, put into words for the template.

A group shows its first rows; where there is more, it says so and leads on to the whole list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.models import Channel
from commitments.querysets import SOON_DAYS
from commitments.standing_words import coming_up, due_words, next_step
from commitments.views.inbox_lists import Asked
from commitments.views.rows import STATES, due_cell, name_of
from commitments.views.timeline import WORDED_BY_US, done
from commitments.workflow import State
from tracker import wording
from tracker.ledger.models import Event

WORDS_LENGTH = 160
NOTHING = SafeString("")


@dataclass(frozen=True)
class Entry:
    """One row: what it is, why it is here, when, and the one next action.

    `posts` is set where the action is a POST that needs nothing more than this address.
    """

    title: str
    url: str
    ref: str
    parties: str
    state: SafeString
    why: str
    due: SafeString
    action: str
    way: str
    posts: bool = False


@dataclass(frozen=True)
class Kind:
    """What is said of a group: `short` follows a number in the page's first line.

    `empty` is said where there is nothing; a group without it is shown only when it has rows.
    """

    title: str
    short: str
    hint: str
    empty: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    def dated(self, until: str) -> "Kind":
        """The same with the last of the days ahead filled in."""
        short, hint = self.short.format(until=until), self.hint.format(until=until)
        return replace(self, short=short, hint=hint)


@dataclass(frozen=True)
class Group:
    """One group with its first rows; `length` is how many there are, up to the counts' cap."""

    slug: str
    kind: Kind
    length: int
    entries: list[Entry]

    @property
    def late(self) -> bool:
        """Red means late, and nothing else."""
        return self.slug == "overdue" and self.length > 0

    @property
    def cut(self) -> bool:
        """Whether there is more than is shown."""
        return len(self.entries) < self.length and self.slug != "intake"

    @property
    def more(self) -> str:
        """The address of the whole list in the register; "" where it has no such list."""
        return f"{reverse('register')}?{urlencode(self.kind.more)}" if self.kind.more else ""


# The groups in the order in which they stand; {until} is the last of the days ahead.
KINDS: dict[str, Kind] = {
    "review": Kind(
        "For my review",
        "to judge",
        "reported as done, oldest first; what you may not judge is left out",
        "Nothing is reported that you may judge.",
        {"state": "reported"},
    ),
    "stuck": Kind(
        "Needs a second auditor",
        "without anybody who may judge",
        "reported as done, and every auditor is barred",
        more={"state": "reported"},
    ),
    "overdue": Kind(
        "Overdue",
        "overdue",
        "by days past the latest reading",
        "Nothing of yours is past its latest day.",
        {"owner": "me", "due": "overdue"},
    ),
    "soon": Kind(
        f"Due or to review in {SOON_DAYS} days",
        "coming up by {until}",
        "until {until}",
        "Nothing comes up within a week.",
        {"owner": "me", "due": "soon"},
    ),
    "reply": Kind(
        "Awaiting reply",
        "awaiting a reply",
        "letters, calls and meetings of yours",
        "Nobody owes you an answer. What you send with a reply date waits here.",
    ),
    "sent-back": Kind(
        "Sent back to me",
        "sent back to you",
        "an auditor asks for more",
    ),
    "intake": Kind(
        "Candidates to confirm",
        "to confirm",
        "found in a record, not yet in the register",
        "No candidate waits. Mark a passage in a document to capture one.",
        {"state": "candidate"},
    ),
    "told": Kind(
        "Said to me",
        "said to you",
        "mentions, new tasks and contradictions you have not seen",
    ),
    "changed": Kind(
        "Changed on what I watch",
        "changed",
        "since you last looked",
        "Nothing has changed. Watch a commitment on its page to hear of it here.",
    ),
}


def groups(
    asked: Asked, lengths: Mapping[str, int], entries: Mapping[str, Sequence[Entry]]
) -> list[Group]:
    """The groups this person has a use for, which are those that were counted."""
    until = wording.day(asked.today + timedelta(days=SOON_DAYS))
    return [
        Group(slug, kind.dated(until), lengths[slug], list(entries.get(slug, ())))
        for slug, kind in KINDS.items()
        if slug in lengths and (kind.empty or lengths[slug])
    ]


def in_a_sentence(found: Sequence[Group]) -> str:
    """What stands out, as the page's first line says it."""
    counts = [f"{wording.number(g.length)} {g.kind.short}" for g in found if g.length]
    return f"{wording.listed(counts)}." if counts else "Nothing waits for you."


def entries_of(
    rows: Sequence[Mapping[str, Any]], events: Mapping[int, Event], asked: Asked
) -> dict[str, list[Entry]]:
    """The rows by group, each group in its order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["group"], []).append(_with_event(row, events))
    return {
        group: [_entry(row, asked.today) for row in sorted(of_it, key=_place(group, asked.today))]
        for group, of_it in found.items()
    }


def _with_event(row: Mapping[str, Any], events: Mapping[int, Event]) -> Mapping[str, Any]:
    """The row with what its event says."""
    event = events.get(row["event"])
    if event is None:
        return row
    words = wording.cut(event.note, WORDS_LENGTH)
    if row["group"] == "changed":
        quoted = words if event.action in WORDED_BY_US else f"“{words}”"
        words = f"{done(event.action)} by {event.actor}{f': {quoted}' if words else '.'}"
    return {**row, "words": words, "actor": str(event.actor)}


def _place(group: str, today: date) -> Any:
    """The sort key of a group's rows, as the database cut them."""
    if group == "overdue":
        return lambda row: (row["due_on"], row["id"])
    if group == "soon":
        return lambda row: (*coming_up(row, today), row["id"])
    newest_first = group not in ("review", "stuck")
    return lambda row: (
        -row["at"].timestamp() if newest_first else row["at"].timestamp(),
        row["id"],
    )


def _entry(row: Mapping[str, Any], today: date) -> Entry:
    name = name_of(row)
    step = next_step(row["group"], row, today)
    return Entry(
        title=row["title"],
        url=reverse("commitment", args=[name]),
        ref=name,
        parties=_parties(row),
        state=STATES[row["state"]],
        why=step.why,
        due=_when(row, today),
        action=step.action,
        way=_way(step.way, name, row),
        posts=step.way == "seen",
    )


def _parties(row: Mapping[str, Any]) -> str:
    """ "TikTok → CPC network and 1 other"."""
    owed = row["owed_to"]
    if row["owed_many"] > 1:
        owed += f" and {wording.plural(row['owed_many'] - 1, 'other')}"
    return f"{row['obligor__name'] or 'No obligor yet'}{f' → {owed}' if owed else ''}"


def _way(way: str, name: str, row: Mapping[str, Any]) -> str:
    """The address that a next step leads to."""
    if way == "write":
        return f"{reverse('new-follow-up')}?{urlencode({'c': name})}"
    if way == "reply":
        return reverse("record-reply", args=[row["awaited_id"]])
    routes = {"cite": "commitment-cite", "seen": "commitment-seen"}
    return reverse(routes.get(way, "commitment"), args=[name])


WHEN = {
    "review": "Reported",
    "stuck": "Reported",
    "sent-back": "Sent back",
    "told": "Said",
    "changed": "Changed",
}


def _when(row: Mapping[str, Any], today: date) -> SafeString:
    """The day that matters for the row's group, and how far off it is."""
    if row["group"] == "overdue":
        return due_cell(due_words(row, today))
    if row["group"] == "soon":
        day, which = coming_up(row, today)
        if which == "due":
            return due_cell(due_words(row, today), wording.away(day, today))
        return lines("Review on", day, wording.away(day, today), late=day < today)
    day = local_day(row["at"])
    return lines(WHEN[row["group"]], day, wording.away(day, today))


def local_day(at: datetime) -> date:
    """The day of an instant in the office's zone."""
    return timezone.localtime(at).date()


def lines(first: str, day: date, second: str, *, late: bool = False) -> SafeString:
    """Two lines about a day: what happens then, and how far off it is."""
    return format_html(
        '<span class="due"><span>{} <time datetime="{}">{}</time></span>'
        '<span class="{}">{}</span></span>',
        first,
        day.isoformat(),
        wording.day(day),
        "late" if late else "none",
        second,
    )


def letter_entries(rows: Sequence[Mapping[str, Any]], today: date) -> list[Entry]:
    """Letters whose answer is awaited: ask again once it is late, else record it."""
    return [_letter(row, today) for row in rows]


def _letter(row: Mapping[str, Any], today: date) -> Entry:
    on, late = row["reply_due_on"], row["reply_due_on"] < today
    others = wording.plural(row["covers"] - 1, "other") if row["covers"] > 1 else ""
    about = wording.listed([part for part in (row["reference"], others) if part])
    second = f"{wording.span(on, today)} late" if late else wording.away(on, today)
    again = f"{reverse('new-follow-up')}?{urlencode({'c': row['reference'] or ''})}"
    return Entry(
        title=row["title"],
        url=reverse("follow-up", args=[row["id"]]),
        ref=Channel(row["channel"]).label,
        parties=f"{row['party__name']}, about {about}",
        state=NOTHING,
        why=f"Sent on {wording.day(row['happened_on'])}.",
        due=lines("Reply due", on, second, late=late),
        action="Ask again" if late else "Record reply",
        way=again if late else reverse("record-reply", args=[row["id"]]),
    )


def candidate_entries(rows: Sequence[Mapping[str, Any]], today: date) -> list[Entry]:
    """Candidates to confirm or dismiss, one row for each document they stand in."""
    return [_candidates(row, today) for row in rows]


def _candidates(row: Mapping[str, Any], today: date) -> Entry:
    words = wording.plural(row["many"], "candidate")
    day = local_day(row["found_at"])
    query = urlencode({"state": State.CANDIDATE, "document": row["document_id"]})
    return Entry(
        title=f"{words} in {row['document']}",
        url=reverse("document", args=[row["document_id"]]),
        ref="Intake",
        parties="",
        state=STATES[State.CANDIDATE],
        why="Compare them with the record.",
        due=lines("Found", day, wording.away(day, today)),
        action="Confirm or dismiss",
        way=f"{reverse('register')}?{query}",
    )
