"""What a row says of its deadline and of the next step, as a table."""

from datetime import date
from typing import Any

import pytest

from commitments.standing_words import Next, coming_up, due_words, next_step

TODAY = date(2026, 11, 23)
ROW: dict[str, Any] = {
    "due_text": "",
    "due_edtf": "",
    "due_on": None,
    "due_confirmed": False,
    "review_on": None,
    "state": "in_progress",
    "condition": "",
    "active_on": date(2026, 10, 14),
    "written_on": None,
    "awaited_on": None,
    "awaited_since": None,
    "awaited_channel": "",
    "stands_in_for": "",
    "words": "",
}
SEPTEMBER = {
    "due_text": "by the end of September",
    "due_edtf": "../2021-09-30",
    "due_on": date(2021, 9, 30),
    "due_confirmed": True,
}
WRITTEN = {"written_on": date(2026, 11, 2)}
AWAITED = WRITTEN | {"awaited_since": date(2026, 11, 2), "awaited_channel": "letter"}


def row(*parts: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A row with some of its facts given."""
    whole = dict(ROW)
    for part in parts:
        whole |= part
    return whole | given


def said(values: dict[str, Any]) -> list[str]:
    """The lines of a deadline, empty ones left out."""
    due = due_words(values, TODAY)
    review = f"review {due.review_on}" if due.review_on else ""
    return [line for line in (due.words, due.reading, due.late, review) if line]


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (
            row(SEPTEMBER),
            ["by the end of September", "by 30 September 2021", "overdue 5 years 54 days"],
        ),
        (row(SEPTEMBER, state="reported"), ["by the end of September", "by 30 September 2021"]),
        (row(SEPTEMBER, state="closed"), ["by the end of September", "by 30 September 2021"]),
        (
            row(SEPTEMBER, due_confirmed=False, review_on=date(2026, 12, 8)),
            [
                "by the end of September",
                "by 30 September 2021, reading not confirmed",
                "review 2026-12-08",
            ],
        ),
        (row(review_on=date(2026, 12, 8)), ["none stated", "review 2026-12-08"]),
        (row(review_on=date(2026, 12, 8), state="closed"), ["none stated"]),
        (
            row(due_text="soon", review_on=date(2026, 12, 8)),
            ["soon", "not read as a date", "review 2026-12-08"],
        ),
        (row(SEPTEMBER, due_on=TODAY), ["by the end of September", "by 30 September 2021"]),
    ],
)
def test_a_deadline_in_lines(values: dict[str, Any], lines: list[str]) -> None:
    assert said(values) == lines


@pytest.mark.parametrize(
    ("group", "values", "step"),
    [
        ("overdue", row(SEPTEMBER), Next("Write to them", "write", "No letter sent yet.")),
        (
            "overdue",
            row(SEPTEMBER, AWAITED, awaited_on=date(2026, 11, 16)),
            Next(
                "Ask again",
                "write",
                "The letter of 2 November 2026 is unanswered; a reply was due on 16 November 2026.",
            ),
        ),
        (
            "overdue",
            row(SEPTEMBER, AWAITED, awaited_on=TODAY, awaited_channel="call"),
            Next(
                "Record reply",
                "reply",
                "The call of 2 November 2026 is unanswered; a reply is due on 23 November 2026.",
            ),
        ),
        (
            "overdue",
            row(SEPTEMBER, WRITTEN),
            Next(
                "Log a follow-up",
                "write",
                "Last written on 2 November 2026; last activity 14 October 2026.",
            ),
        ),
        (
            "overdue",
            row(SEPTEMBER, stands_in_for="Otto"),
            Next("Write to them", "write", "For Otto, who is away. No letter sent yet."),
        ),
        (
            "soon",
            row(state="waiting", condition="the site is ready", review_on=TODAY),
            Next("Review condition", "open", "Waits for: the site is ready"),
        ),
        ("soon", row(review_on=TODAY), Next("Review", "open", "No deadline is stated.")),
        (
            "soon",
            row(review_on=TODAY, due_text="soon"),
            Next("Review", "open", "Deadline: “soon”."),
        ),
        (
            "soon",
            row(SEPTEMBER, due_on=TODAY),
            Next("Write to them", "write", "No letter sent yet."),
        ),
        (
            "soon",
            row(AWAITED, awaited_on=TODAY, review_on=TODAY),
            Next(
                "Record reply",
                "reply",
                "The letter of 2 November 2026 is unanswered; a reply is due on 23 November 2026.",
            ),
        ),
        (
            "sent-back",
            row(words="No date", actor="Amir"),
            Next("Add evidence", "cite", "Amir sent it back: “No date”"),
        ),
        ("sent-back", row(actor="Amir"), Next("Add evidence", "cite", "Amir sent it back.")),
        ("review", row(words="Olga"), Next("Judge", "open", "Olga reported it as done.")),
        ("told", row(words="Otto asks"), Next("Mark as seen", "seen", "Otto asks")),
        ("changed", row(words="Closed by Amir."), Next("Mark as seen", "seen", "Closed by Amir.")),
    ],
)
def test_the_next_step_of_a_row(group: str, values: dict[str, Any], step: Next) -> None:
    assert next_step(group, values, TODAY) == step


def test_what_comes_up_is_the_nearer_of_a_firm_deadline_ahead_and_the_review() -> None:
    near, far = date(2026, 11, 25), date(2026, 11, 28)
    assert coming_up(row(SEPTEMBER, due_on=near, review_on=far), TODAY) == (near, "due")
    assert coming_up(row(SEPTEMBER, due_on=far, review_on=near), TODAY) == (near, "review")
    assert coming_up(row(SEPTEMBER, review_on=far), TODAY) == (far, "review")
    unconfirmed = row(SEPTEMBER, due_on=near, due_confirmed=False, review_on=far)
    assert coming_up(unconfirmed, TODAY) == (far, "review")
