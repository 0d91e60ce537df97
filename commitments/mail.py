"""The daily digest and the mail that goes at once: worst first, in a text and an HTML part.

A mail is composed at every attempt to send it; what there still is to say comes from
commitments/reminding/truth.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from commitments.deadlines import describe
from commitments.models import (
    Anchor,
    Commitment,
    Direction,
    FollowUp,
    FollowUpItem,
    Mail,
    MailKind,
    Notice,
)
from commitments.querysets import SOON_DAYS
from commitments.workflow import State
from tracker import wording
from tracker.users.models import DigestDays, Office, User

SUBJECT_LIMIT = 200
NAME = "Tracker"


@dataclass(frozen=True)
class Reminder:
    """One thing to be reminded of, with the notices that speak of it.

    `letter` is set where a reply is awaited; `commitments` are then those not answered yet.
    """

    notices: list[Notice]
    commitments: list[Commitment]
    letter: FollowUp | None = None


@dataclass(frozen=True)
class Group:
    """One heading of the digest, and how its number is put into the subject and the greeting."""

    code: str
    heading: str
    short: str
    one: str
    many: str


# Worst first. "{n}" is the number, "{by}" the last of the coming seven days.
GROUPS = (
    Group("overdue", "Overdue", "{n} overdue", "1 is overdue", "{n} are overdue"),
    Group("soon", "Due in 7 days", "{n} due by {by}", "1 comes up by {by}", "{n} come up by {by}"),
    Group("late", "Reply late", "{n} reply late", "1 reply is late", "{n} replies are late"),
    Group("reply", "Awaiting reply", "{n} reply due", "1 reply is due", "{n} replies are due"),
    Group("back", "Sent back to you", "{n} sent back", "1 was sent back", "{n} were sent back"),
    Group(
        "review",
        "For your review",
        "{n} for your review",
        "1 waits for your review",
        "{n} wait for your review",
    ),
    Group("told", "New for you", "{n} new for you", "1 is new for you", "{n} are new for you"),
    Group("quiet", "Quiet for long", "{n} quiet", "1 has gone quiet", "{n} have gone quiet"),
    Group("later", "Coming up", "{n} coming up", "1 is coming up", "{n} are coming up"),
)


@dataclass(frozen=True)
class When:
    """The date of a line: the record's words, our reading, and how late or how near it is."""

    on: date
    words: str = ""
    reading: str = ""
    late: str = ""
    soon: str = ""


@dataclass(frozen=True)
class Line:
    """One thing in a mail, as it is shown."""

    group: str
    title: str
    about: str
    link: str
    when: When | None
    step: str
    notes: list[str] = field(default_factory=list)

    @property
    def order(self) -> tuple[date, str]:
        """The earliest first."""
        return self.when.on if self.when else date.max, self.about


def compose(
    mail: Mail, reminders: Sequence[Reminder], local_now: datetime
) -> EmailMultiAlternatives | None:
    """The mail as it is to be sent now; None when there is nothing to say.

    A person who has left, has no address or reads in the app only by now is sent nothing.
    """
    user, today = mail.recipient, local_now.date()
    unwanted = not user.email or user.digest_days == DigestDays.NEVER
    if not reminders or not user.is_active or unwanted:
        return None
    lines = _lines(reminders, user, today)
    by = wording.day(today + timedelta(days=SOON_DAYS)).rpartition(" ")[0]
    subject = _subject(mail, reminders, lines, by)
    context = {
        "heading": f"{user}, {wording.listed(_phrases(lines, by)[:2])}",
        "subject": subject,
        "groups": _grouped(lines),
        "day": f"{wording.weekday(today)} {wording.day(today)}",
        "checked": f"{local_now:%H:%M}",
        "inbox": absolute("/"),
        "account": absolute(reverse("account")),
        "digest": mail.kind == MailKind.DIGEST,
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("mail/reminders.txt", context),
        from_email=formataddr((NAME, Office.current().sender)),
        to=[formataddr((str(user), user.email))],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{context['account']}>",
        },
    )
    message.attach_alternative(render_to_string("mail/reminders.html", context), "text/html")
    return message


def absolute(path: str) -> str:
    """The whole address of a page, for somebody who reads it elsewhere."""
    return f"{settings.SITE_URL}{path}"


def _count(group: Group, lines: Iterable[Line]) -> int:
    return sum(line.group == group.code for line in lines)


def _subject(mail: Mail, reminders: Sequence[Reminder], lines: list[Line], by: str) -> str:
    """What a digest counts; what goes at once and alone is called by its name."""
    if mail.kind == MailKind.IMMEDIATE and len(lines) == 1:
        subject = f"{reminders[0].notices[-1].rule.name}: {lines[0].title}"
    else:
        counts = [(group, count) for group in GROUPS if (count := _count(group, lines))]
        subject = ", ".join(_put(group.short, count, by) for group, count in counts)
    return wording.cut(" ".join(subject.split()), SUBJECT_LIMIT)


def _put(form: str, count: int, by: str) -> str:
    """A form of a group with its number; replies are the only noun among them."""
    words = form.format(n=wording.number(count), by=by)
    return words if count == 1 else words.replace(" reply ", " replies ")


def _phrases(lines: list[Line], by: str) -> list[str]:
    counts = [(group, count) for group in GROUPS if (count := _count(group, lines))]
    return [_put(group.one if count == 1 else group.many, count, by) for group, count in counts]


def _grouped(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under their headings, worst first."""
    parts = [
        (
            group.heading,
            sorted(
                (line for line in lines if line.group == group.code), key=lambda line: line.order
            ),
        )
        for group in GROUPS
    ]
    return [(heading, found) for heading, found in parts if found]


def _lines(reminders: Sequence[Reminder], user: User, today: date) -> list[Line]:
    ids = [row.pk for reminder in reminders for row in reminder.commitments]
    asked = _last_letters(ids)
    return [
        _of_letter(reminder, today)
        if reminder.letter
        else _of_commitment(reminder, user, asked, today)
        for reminder in reminders
    ]


def _last_letters(ids: list[int]) -> dict[int, tuple[date, date]]:
    """Of each commitment with an unanswered letter: its date, and when the reply is due."""
    waiting = FollowUpItem.objects.filter(
        commitment__in=ids,
        answered_by=None,
        follow_up__direction=Direction.SENT,
        follow_up__reply_due_on__isnull=False,
    )
    return {
        pk: (sent, due or sent)
        for pk, sent, due in waiting.order_by("follow_up__happened_on", "id").values_list(
            "commitment_id", "follow_up__happened_on", "follow_up__reply_due_on"
        )
    }


def _of_commitment(
    reminder: Reminder, user: User, asked: Mapping[int, tuple[date, date]], today: date
) -> Line:
    row = reminder.commitments[0]
    when = _when(reminder, row, today)
    group = _group(reminder, row, when, today)
    return Line(
        group=group,
        title=row.title,
        about=_about(row, user),
        link=absolute(row.get_absolute_url()),
        when=when,
        step=_step(group, row, asked.get(row.pk), today),
        notes=[notice.words for notice in reminder.notices if notice.words],
    )


def _about(row: Commitment, user: User) -> str:
    owner = f"owned by {row.owner}" if row.owner and row.owner_id != user.pk else ""
    return ", ".join(part for part in (row.name, str(row.obligor or ""), owner) if part)


def _group(reminder: Reminder, row: Commitment, when: When | None, today: date) -> str:
    """Under which heading it stands: the worst of what its notices speak of."""
    anchors = {notice.rule.anchor for notice in reminder.notices}
    codes = {notice.rule.code for notice in reminder.notices}
    if when and row.overdue(today):
        return "overdue"
    if when and when.on <= today + timedelta(days=SOON_DAYS):
        return "soon"
    if "sent-back" in codes:
        return "back"
    if Anchor.REPORTED in anchors:
        return "review"
    if Anchor.AT_ONCE in anchors:
        return "told"
    return "later" if when else "quiet"


def _when(reminder: Reminder, row: Commitment, today: date) -> When | None:
    """The date that matters now, if it is a date that the notices speak of."""
    anchors = {notice.rule.anchor for notice in reminder.notices}
    dated = anchors & {Anchor.DUE, Anchor.REVIEW}
    if not dated:
        return None
    due = row.due_on if row.due_confirmed else None
    review = row.review_on
    if due and (row.overdue(today) or review is None or due <= review or Anchor.DUE in dated):
        return _dated(due, row.due_text, describe(row.due_text, row.due_edtf), today)
    return _dated(review, "", f"Review on {wording.day(review)}", today) if review else None


def _dated(on: date, words: str, reading: str, today: date) -> When:
    if on < today:
        return When(on, words, reading, late=f"{wording.span(on, today)} late")
    return When(on, words, reading, soon=wording.away(on, today))


def _step(group: str, row: Commitment, letter: tuple[date, date] | None, today: date) -> str:
    """The one thing to do next, in a few words."""
    settled = {
        "back": "Add what is missing, and report it again",
        "review": "Look at the evidence and judge",
        "told": "Look at it",
    }
    if group in settled:
        return settled[group]
    if row.state == State.WAITING:
        return f"Review the condition: {row.condition}"
    if letter and letter[1] < today:
        return f"Ask again; the letter of {wording.day(letter[0])} is unanswered"
    if letter:
        return f"Await the reply, due on {wording.day(letter[1])}"
    return "Write to them" if group == "overdue" else "See how it stands"


def _of_letter(reminder: Reminder, today: date) -> Line:
    """A letter: by the commitment it asks about, or by its own title where it asks about many."""
    letter, rows = reminder.letter, reminder.commitments
    if letter is None or letter.reply_due_on is None:
        raise ValueError("a letter that awaits its reply has a date for it")
    reading = f"Reply due {wording.day(letter.reply_due_on)}"
    names = wording.listed([row.name for row in rows[:3]])
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    when = _dated(letter.reply_due_on, "", reading, today)
    return Line(
        group="late" if when.late else "reply",
        title=rows[0].title if len(rows) == 1 else letter.title,
        about=f"{names}{more}, {letter.party}",
        link=absolute(letter.get_absolute_url()),
        when=when,
        step="Ask again" if when.late else "See whether it came",
        notes=[],
    )
