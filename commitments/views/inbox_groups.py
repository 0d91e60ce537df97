"""The groups of My follow-ups: each asks its list, and puts each row's next action into words.

A group is capped; where there is more, it says so and leads on to the whole list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.models import (
    Citation,
    CitationRole,
    Commitment,
    FollowUp,
    FollowUpItem,
    Notice,
    Subject,
)
from commitments.querysets import SOON_DAYS
from commitments.standing_words import due_words
from commitments.views.rows import STATES, due_cell, name_of
from commitments.views.timeline import WORDED_BY_US, done
from commitments.workflow import State
from tracker import wording
from tracker.ledger.models import Event
from tracker.users.models import User

CAP = 25
COLUMNS = (
    "id",
    "reference",
    "title",
    "state",
    "condition",
    "obligor__name",
    "due_text",
    "due_edtf",
    "due_on",
    "due_confirmed",
    "review_on",
    "active_on",
)
WORDS_LENGTH = 160


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
class Group:
    """One group of the inbox; `more` leads to the whole list where the group is cut."""

    slug: str
    title: str
    short: str
    hint: str
    empty: str
    entries: list[Entry] = field(default_factory=list)
    late: bool = False
    cut: bool = False
    more: str = ""


def lines(first: str, day: date | None, second: str = "", *, late: bool = False) -> SafeString:
    """Two lines about a day: what happens then, and how far off it is."""
    when = format_html(
        '<span>{} <time datetime="{}">{}</time></span>',
        first,
        day.isoformat() if day else "",
        wording.day(day) if day else "",
    )
    below = format_html('<span class="{}">{}</span>', "late" if late else "none", second)
    return format_html('<span class="due">{}{}</span>', when, below if second else "")


def _entry(row: Mapping[str, Any], why: str, due: SafeString, action: str, way: str) -> Entry:
    name = name_of(row)
    return Entry(
        title=row["title"],
        url=reverse("commitment", args=[name]),
        ref=name,
        parties=row["obligor__name"] or "No obligor yet",
        state=STATES[row["state"]],
        why=why,
        due=due,
        action=action,
        way=way,
    )


def _cut(rows: Iterable[Any]) -> tuple[list[Any], bool]:
    found = list(rows)
    return found[:CAP], len(found) > CAP


def _register(**query: str) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('register')}?{pairs}"


def pressing(reader: User, today: date) -> list[Group]:
    """What this person owns and is overdue, and what comes up within a week."""
    letters = FollowUpItem.objects.filter(
        commitment=OuterRef("pk"), follow_up__direction="sent"
    ).order_by("-follow_up__happened_on")
    awaited = letters.filter(answered_by=None, follow_up__reply_due_on__isnull=False)
    mine = (
        Commitment.objects.visible_to(reader)
        .filter(owner=reader)
        .annotate(
            written_on=Subquery(letters.values("follow_up__happened_on")[:1]),
            awaited_on=Subquery(awaited.values("follow_up__reply_due_on")[:1]),
        )
    )
    columns = (*COLUMNS, "written_on", "awaited_on")
    overdue, overdue_cut = _cut(
        mine.overdue(today).order_by("due_on", "id").values(*columns)[: CAP + 1]
    )
    soon, soon_cut = _cut(
        mine.due_soon(today)
        .order_by(Coalesce("review_on", "due_on"), "id")
        .values(*columns)[: CAP + 1]
    )
    until = wording.day(today + timedelta(days=SOON_DAYS))
    return [
        Group(
            "overdue",
            "Overdue",
            "overdue",
            "by days past the latest reading",
            "Nothing of yours is past its latest day.",
            [_overdue(row, today) for row in overdue],
            late=True,
            cut=overdue_cut,
            more=_register(owner="me", due="overdue"),
        ),
        Group(
            "soon",
            f"Due or to review in {SOON_DAYS} days",
            f"coming up by {until}",
            f"until {until}",
            "Nothing comes up within a week.",
            [_soon(row, today) for row in soon],
            cut=soon_cut,
            more=_register(owner="me", due="soon"),
        ),
    ]


def _overdue(row: Mapping[str, Any], today: date) -> Entry:
    name = name_of(row)
    write = f"{reverse('new-follow-up')}?c={name}"
    if row["awaited_on"] and row["awaited_on"] < today:
        why = (
            f"The letter of {wording.day(row['written_on'])} is unanswered; a reply was due on"
            f" {wording.day(row['awaited_on'])}."
        )
        return _entry(row, why, due_cell(due_words(row, today)), "Ask again", write)
    if row["awaited_on"]:
        why = f"A reply is due on {wording.day(row['awaited_on'])}."
        way = reverse("commitment", args=[name])
        return _entry(row, why, due_cell(due_words(row, today)), "Open", way)
    if row["written_on"] is None:
        why = "No letter sent yet."
        return _entry(row, why, due_cell(due_words(row, today)), "Write to them", write)
    why = f"Last activity {wording.day(row['active_on'])}."
    return _entry(row, why, due_cell(due_words(row, today)), "Log a follow-up", write)


def _soon(row: Mapping[str, Any], today: date) -> Entry:
    way = reverse("commitment", args=[name_of(row)])
    if row["due_on"] and row["due_confirmed"] and row["due_on"] >= today:
        why = f"Last activity {wording.day(row['active_on'])}."
        return _entry(row, why, due_cell(due_words(row, today)), "Open", way)
    on = row["review_on"]
    when = lines("Review on", on, wording.away(on, today), late=on < today)
    if row["state"] == State.WAITING:
        why = f"Waits for: {row['condition']}."
        return _entry(row, why, when, "Review condition", way)
    why = f"Deadline: “{row['due_text']}”." if row["due_text"] else "No deadline stated."
    return _entry(row, why, when, "Review", way)


def awaiting(reader: User, today: date) -> Group:
    """Letters this person sent, or about what this person owns, whose reply is still to come."""
    about_mine = FollowUpItem.objects.filter(
        follow_up=OuterRef("pk"), commitment__owner=reader, answered_by=None
    )
    letters = (
        FollowUp.objects.visible_to(reader)
        .awaiting_reply()
        .filter(Q(logged_by=reader) | Exists(about_mine))
        .annotate(covers=Count("items", distinct=True))
        .order_by("reply_due_on", "id")
        .values("id", "title", "channel", "party__name", "happened_on", "reply_due_on", "covers")
    )
    found, cut = _cut(letters[: CAP + 1])
    return Group(
        "reply",
        "Awaiting reply",
        "awaiting a reply",
        "letters, calls and meetings of yours",
        "Nobody owes you an answer.",
        [_letter(row, today) for row in found],
        cut=cut,
    )


def _letter(row: Mapping[str, Any], today: date) -> Entry:
    on, late = row["reply_due_on"], row["reply_due_on"] < today
    second = f"{wording.span(on, today)} late" if late else wording.away(on, today)
    covers = wording.plural(row["covers"], "commitment")
    letter = reverse("follow-up", args=[row["id"]])
    return Entry(
        title=row["title"],
        url=letter,
        ref=row["channel"].capitalize(),
        parties=row["party__name"],
        state=SafeString(""),
        why=f"Sent on {wording.day(row['happened_on'])}, covers {covers}.",
        due=lines("Reply due", on, second, late=late),
        action="Record reply",
        way=reverse("record-reply", args=[row["id"]]),
    )


def sent_back(reader: User, today: date) -> list[Entry]:
    """What an auditor sent back to this person, as long as nothing was done about it."""
    notices = Notice.objects.filter(
        rule__code="sent-back",
        recipient=reader,
        subject_kind=Subject.COMMITMENT,
        subject_id=OuterRef("pk"),
    ).order_by("-id")
    rows = (
        Commitment.objects.visible_to(reader)
        .filter(state=State.IN_PROGRESS, reported_at__isnull=False)
        .annotate(
            said=Subquery(notices.values("words")[:1]),
            said_on=Subquery(notices.values("occurrence_on")[:1]),
        )
        .filter(said__isnull=False)
        .order_by("-said_on", "id")
        .values(*COLUMNS, "said", "said_on")
    )
    entries = []
    for row in rows[:CAP]:
        when = lines("Sent back", row["said_on"], wording.away(row["said_on"], today))
        way = reverse("commitment-cite", args=[name_of(row)])
        entries.append(_entry(row, row["said"], when, "Add evidence", way))
    return entries


def candidates(reader: User) -> list[Entry]:
    """Candidates to confirm or dismiss, one row for each document they stand in."""
    found = (
        Citation.objects.filter(
            role=CitationRole.ORIGIN,
            withdrawn_at=None,
            commitment__in=Commitment.objects.visible_to(reader).candidates(),
        )
        .values("document_id", "document__title")
        .annotate(many=Count("commitment", distinct=True))
        .order_by("-many", "document_id")
    )
    entries = []
    for row in found[:CAP]:
        words = wording.plural(row["many"], "candidate")
        entries.append(
            Entry(
                title=f"{words} in {row['document__title']}",
                url=reverse("document", args=[row["document_id"]]),
                ref="Intake",
                parties="",
                state=STATES[State.CANDIDATE],
                why="Compare them with the record.",
                due=SafeString(""),
                action="Confirm or dismiss",
                way=_register(state="candidate", document=str(row["document_id"])),
            )
        )
    return entries


def to_judge(reader: User, today: date) -> Group:
    """What is reported and this person may judge: the four-eyes rule is asked in the query."""
    evidence = Citation.objects.filter(
        commitment=OuterRef("pk"),
        role=CitationRole.EVIDENCE,
        withdrawn_at=None,
        added_by=reader,
        added_at__gte=OuterRef("opened_at"),
    )
    rows = (
        Commitment.objects.visible_to(reader)
        .filter(state=State.REPORTED)
        .exclude(Q(owner=reader) | Q(reported_by=reader))
        .exclude(Exists(evidence))
        .order_by("reported_at", "id")
        .values(*COLUMNS, "reported_at", "reported_by__first_name")
    )
    found, cut = _cut(rows[: CAP + 1])
    entries = []
    for row in found:
        on = row["reported_at"].date()
        when = lines("Reported", on, wording.away(on, today))
        why = f"{row['reported_by__first_name']} reported it as done."
        way = reverse("commitment", args=[name_of(row)])
        entries.append(_entry(row, why, when, "Judge", way))
    return Group(
        "review",
        "For my review",
        "to judge",
        "reported as done, oldest first; what you may not judge is left out",
        "Nothing is reported that you may judge.",
        entries,
        cut=cut,
        more=_register(state="reported"),
    )


def changed(reader: User) -> Group:
    """What others did to what this person watches, since they last looked."""
    stream = Concat(Value("commitment:"), Cast(OuterRef("pk"), CharField()))
    news = (
        Event.objects.filter(stream=stream, seq__gt=OuterRef("mine__seen_seq"))
        .exclude(actor=reader)
        .order_by("-seq")
    )
    watched = (
        Commitment.objects.visible_to(reader)
        .annotate(mine=FilteredRelation("watches", condition=Q(watches__user=reader)))
        .filter(mine__isnull=False)
        .annotate(news=Subquery(news.values("id")[:1], output_field=IntegerField()))
        .filter(news__isnull=False)
        .order_by("-news")
        .values(*COLUMNS, "news")
    )
    found, cut = _cut(watched[: CAP + 1])
    events = Event.objects.select_related("actor", "body").in_bulk([row["news"] for row in found])
    return Group(
        "changed",
        "Changed on what I watch",
        "changed",
        "since you last looked",
        "Nothing has changed on what you watch.",
        [_change(row, events[row["news"]]) for row in found],
        cut=cut,
    )


def _change(row: Mapping[str, Any], event: Event) -> Entry:
    words = wording.cut(event.note, WORDS_LENGTH)
    note = f": {words if event.action in WORDED_BY_US else f'“{words}”'}" if words else "."
    name = name_of(row)
    entry = _entry(
        row,
        f"{done(event.action)} by {event.actor}{note}",
        lines("Changed", event.at.date()),
        "Mark as seen",
        reverse("commitment-seen", args=[name]),
    )
    return Entry(**{**vars(entry), "posts": True})
