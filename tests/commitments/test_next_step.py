"""What comes next: an unsaved commitment is asked on a fixed day, nothing else is needed."""

from datetime import date
from typing import Any

from commitments.models import Commitment, FollowUp, FollowUpItem, Party
from commitments.views.next_step import Now, Step, next_step
from commitments.views.related import Letter
from commitments.workflow import State, Verdict

TODAY = date(2026, 11, 23)
PAST, AHEAD = date(2026, 11, 16), date(2026, 12, 4)


def step(moves: tuple[str, ...] = (), letters: tuple[Letter, ...] = (), **given: Any) -> Step:
    about: dict[str, Any] = {"may_work": True, "judges": ["Amir"]}
    about |= {name: given.pop(name) for name in ("may_work", "judges") if name in given}
    values: dict[str, Any] = {"state": State.IN_PROGRESS, "obligor": Party(name="TikTok")}
    row = Commitment(**{**values, **given})
    return next_step(Now(row, TODAY, letters, moves, **about))


def a_letter(due: date | None, answered: bool = False) -> Letter:
    letter = FollowUp(
        channel="letter",
        direction="sent",
        party=Party(name="TikTok"),
        happened_on=date(2026, 11, 2),
        reply_due_on=due,
    )
    item = FollowUpItem(follow_up=letter, answered_by_id=7 if answered else None)
    return Letter(item, 1, TODAY)


def test_a_candidate_is_to_be_confirmed_by_who_may() -> None:
    found = step(moves=("confirm", "dismiss"), state=State.CANDIDATE)
    assert (found.heading, found.opens) == ("Next: confirm or dismiss", "confirm")
    assert step(state=State.CANDIDATE).heading == "Not confirmed yet"


def test_what_is_open_is_to_be_started() -> None:
    found = step(moves=("start",), state=State.OPEN, review_on=AHEAD)
    assert (found.heading, found.opens) == ("Next: start following it up", "start")
    assert found.sentence == "The next date is 4 December 2026."


def test_an_unanswered_letter_comes_before_a_passed_deadline() -> None:
    late = step(letters=(a_letter(PAST),), due_on=PAST, due_confirmed=True)
    assert (late.heading, late.late) == ("Next: ask TikTok again", "7 days late")
    assert late.way == "follow-up"
    waiting = step(letters=(a_letter(AHEAD),), due_on=PAST, due_confirmed=True)
    assert waiting.heading == "Awaiting a reply from TikTok"
    assert waiting.way == "record-reply"


def test_an_answered_letter_asks_for_nothing() -> None:
    assert step(letters=(a_letter(PAST, answered=True),)).heading == "With TikTok"
    assert step(letters=(a_letter(None),)).heading == "With TikTok"


def test_the_reply_that_is_due_first_counts() -> None:
    assert step(letters=(a_letter(AHEAD), a_letter(PAST))).late == "7 days late"


def test_a_reading_nobody_stands_by_is_confirmed_before_anything_is_overdue() -> None:
    found = step(due_edtf="../2019-05-26", due_on=date(2019, 5, 26))
    assert (found.heading, found.way, found.late) == (
        "Next: confirm the deadline",
        "confirm-reading",
        "",
    )
    assert step(due_edtf="2019", may_work=False).heading == "With TikTok"


def test_what_is_overdue_is_asked_for() -> None:
    found = step(due_on=PAST, due_confirmed=True)
    assert (found.heading, found.late) == ("Next: ask TikTok for it", "7 days late")
    assert step(due_on=TODAY, due_confirmed=True).heading == "With TikTok"


def test_a_missed_review_is_caught_up() -> None:
    assert step(review_on=TODAY).heading == "Next: look at it again"
    assert step(review_on=AHEAD).heading == "With TikTok"


def test_what_waits_says_for_what_and_until_when() -> None:
    found = step(state=State.WAITING, condition="the infrastructure is ready", review_on=AHEAD)
    assert found.sentence == ("For: the infrastructure is ready. We look again on 4 December 2026.")


def test_what_is_reported_goes_to_whoever_may_judge_it() -> None:
    judge = step(moves=("close", "send_back"), state=State.REPORTED)
    assert (judge.heading, judge.opens) == ("Next: judge it", "close")
    assert step(state=State.REPORTED).heading == "With the auditors"
    assert step(state=State.REPORTED, judges=[]).heading == "Needs a second auditor"


def test_what_is_settled_asks_for_nothing() -> None:
    closed = step(state=State.CLOSED, verdict=Verdict.NOT_PURSUED, reopens_on=AHEAD)
    assert closed.heading == "Closed: not pursued"
    assert closed.sentence == "Nothing is left to do. It reopens on 4 December 2026."
    dismissed = step(state=State.DISMISSED, dismissed_as="out_of_remit")
    assert dismissed.sentence == "It is not followed up: out of our remit."


def test_a_reader_is_told_how_it_stands_and_asked_for_nothing() -> None:
    found = step(letters=(a_letter(PAST),), may_work=False)
    assert (found.heading, found.way) == ("TikTok has not replied", "")
    assert step(due_on=PAST, due_confirmed=True, may_work=False).heading == "It is overdue"
    assert step(review_on=PAST, may_work=False).heading == "To be looked at again"
