"""Make a move: the page of one move's form, and what it does when it is sent."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponseBase

from commitments import actions
from commitments.forms.base import ActionForm
from commitments.forms.moves import MoveForm, bases
from commitments.models import Commitment, FollowUpItem
from commitments.standing import actor_of, judges, standing_of
from commitments.views.handling import ChangePage, address_of
from commitments.views.naming import as_recorded
from commitments.workflow import MOVES, Bar, Move, Standing, State, bar, target_of
from documents.models import Document
from tracker import wording
from tracker.refusals import NotAllowed
from tracker.users.models import User

# These end a commitment as if it had never been, so they look it.
DANGEROUS = ("void", "merge", "dismiss")
NAMED = 6


def who_may(commitment: Commitment, move: Move) -> str:
    """Who may make a move that this person is barred from, as a sentence; "" where it is plain."""
    if not move.four_eyes:
        people = User.objects.with_perm(
            move.permission, backend="django.contrib.auth.backends.ModelBackend"
        ).order_by("first_name", "username")
        return _sentence([str(user) for user in people])
    return _sentence([str(user) for user in judges(commitment).may], "Needs a second auditor.")


def _sentence(names: Sequence[str], nobody: str = "Nobody active may at present.") -> str:
    if not names:
        return nobody
    shown = list(names[:NAMED])
    more = len(names) - len(shown)
    return f"{wording.listed([*shown, f'{more} more'] if more else shown)} may."


class MovePage(ChangePage):
    """One move: GET shows its form alone, POST makes it."""

    form_class: ClassVar[type[ActionForm]] = MoveForm
    move: Move
    standing: Standing

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["move"] not in MOVES:
            raise Http404
        self.move = MOVES[kwargs["move"]]
        self.heading = self.move.label
        self.button = self.move.label
        self.hint = self.move.hint
        self.danger = self.move.name in DANGEROUS
        return super().dispatch(request, *args, **kwargs)

    def more(self) -> dict[str, Any]:
        offered = []
        if "evidence" in self.move.fields:
            answers = FollowUpItem.objects.filter(commitment=self.commitment)
            visible = self.commitment.citations.select_related("document", "passage")
            offered = bases(
                visible.filter(document__in=Document.objects.visible_to(self.user)),
                answers.select_related("follow_up"),
            )
        return {"move": self.move, "offered": offered}

    def allow(self, commitment: Commitment) -> None:
        found = bar(self.move, standing_of(commitment), actor_of(self.user))
        if found:
            raise NotAllowed(self._barred_because(commitment, found))

    def _barred_because(self, commitment: Commitment, found: Bar) -> str:
        if found.rule in ("permission", "four_eyes"):
            return f"{found.sentence} {who_may(commitment, self.move)}"
        return found.sentence

    def act(self, form: Any) -> Commitment:
        try:
            return actions.transition(
                self.commitment,
                self.move.name,
                actor=self.user,
                expected_version=form.cleaned_data["version"],
                data=form.data_for_move(),
                key=form.cleaned_data["key"],
            )
        except NotAllowed as refused:
            found = bar(self.move, standing_of(self.commitment), actor_of(self.user))
            raise NotAllowed(
                self._barred_because(self.commitment, found) if found else str(refused)
            ) from refused

    def said(self, result: Commitment) -> str:
        if self.move.name == "confirm":
            return f"Confirmed as {result.name}."
        if result.state == State.REPORTED:
            may = [str(user) for user in judges(result).may]
            who = (
                f"{wording.listed(may)} may judge it now." if may else "It needs a second auditor."
            )
            return f"{result.name} {self.move.done.lower()}. {who}"
        return f"{result.name}: {self.move.done.lower()}."

    def where(self, result: Commitment) -> str:
        return address_of(result)

    def mine(self, form: Any) -> dict[str, Any]:
        data = form.data_for_move()
        known = {name: as_recorded(value) for name, value in data.items() if name in RECORDED}
        target = target_of(self.move, standing_of(self.commitment))
        wanted = {"state": target, **known}
        reason = data.get("reason") or data.get("note")
        return {**wanted, "reason": reason} if reason else wanted


# What is given with a move and then stands in the commitment under the same name.
RECORDED = (
    "obligor",
    "kind",
    "due_text",
    "due_edtf",
    "success_criteria",
    "review_on",
    "owner",
    "condition",
    "verdict",
    "reopens_on",
    "dismissed_as",
    "period_until",
)
