"""Change what is said of a commitment: edit, correct, assign, reschedule, link, split, note, watch.

Each page shows one form; what may be done when, and by whom, is for the actions to say.
"""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commitments import actions
from commitments.actions.citing import SETTLED, may_change
from commitments.actions.core import require
from commitments.forms.base import ActionForm
from commitments.forms.editing import (
    FIELDS,
    AssignForm,
    ConfirmForm,
    CorrectForm,
    EditForm,
    LinkForm,
    NoteForm,
    RescheduleForm,
    SplitForm,
    stated,
)
from commitments.models import Commitment, Link
from commitments.views.conflicts import as_seen
from commitments.views.handling import ChangePage, address_of, found, see_other
from commitments.views.naming import as_recorded
from commitments.views.related import seen_by
from commitments.views.request import reader_of
from commitments.workflow import State
from tracker import wording
from tracker.ledger.reading import history
from tracker.ledger.snapshots import stream_of
from tracker.refusals import NotAllowed

NOTERS = (
    "commitments.work_commitment",
    "commitments.judge_commitment",
    "commitments.curate",
)
LOOKED_BACK = 200


class EditPage(ChangePage):
    """All of its own fields, or those that the address names (`?only=obligor`)."""

    form_class: ClassVar[type[ActionForm]] = EditForm
    heading = "Edit"
    button = "Save"

    def more(self) -> dict[str, Any]:
        named = self.request.POST if self.request.method == "POST" else self.request.GET
        return {"only": [name for name in named.getlist("only") if name in FIELDS]}

    def allow(self, commitment: Commitment) -> None:
        if commitment.state in SETTLED:
            raise NotAllowed("It is settled; auditors and administrators can correct it.")
        may_change(self.user, commitment)

    def act(self, form: Any) -> Commitment:
        return actions.edit(
            self.commitment,
            actor=self.user,
            expected_version=form.cleaned_data["version"],
            changes=form.changes(stated(self.commitment, form.asked)),
            key=form.cleaned_data["key"],
        )

    def said(self, result: Commitment) -> str:
        if result.version == self.commitment.version:
            return "Nothing was different, so nothing was changed."
        return f"{result.name}: your changes are saved."

    def mine(self, form: Any) -> dict[str, Any]:
        events = list(history(stream_of(self.commitment))[:LOOKED_BACK])
        before = as_seen(events, int(form.cleaned_data["version"])) or {}
        values = {name: as_recorded(form.cleaned_data.get(name)) for name in form.asked}
        return {name: value for name, value in values.items() if value != before.get(name)}

    def again(self, form: Any) -> Iterator[tuple[str, str]]:
        """Only what the person changed is sent again, so that the other's changes stay."""
        changed = {*self.mine(form), "reason"}
        for name in changed & set(FIELDS):
            yield "only", name
        for name, words in form.given():
            if name in changed:
                yield name, words


class CorrectPage(EditPage):
    """The same in any state, with a reason."""

    form_class: ClassVar[type[ActionForm]] = CorrectForm
    heading = "Correct"
    button = "Correct"
    hint = "What it said before stays in the history."

    def allow(self, commitment: Commitment) -> None:
        require(
            self.user,
            "commitments.correct_commitment",
            sentence="Correcting is for auditors and administrators.",
        )

    def act(self, form: Any) -> Commitment:
        return actions.correct(
            self.commitment,
            actor=self.user,
            expected_version=form.cleaned_data["version"],
            changes=form.changes(stated(self.commitment, form.asked)),
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
        )

    def mine(self, form: Any) -> dict[str, Any]:
        return {**super().mine(form), "reason": form.cleaned_data["reason"]}


class AssignPage(ChangePage):
    """Who follows it up."""

    form_class: ClassVar[type[ActionForm]] = AssignForm
    heading = "Assign"
    button = "Assign"

    def allow(self, commitment: Commitment) -> None:
        require(
            self.user,
            "commitments.assign_commitment",
            sentence="Assigning is for oversight staff.",
        )
        may_change(self.user, commitment)

    def act(self, form: Any) -> Commitment:
        return actions.assign(
            self.commitment,
            actor=self.user,
            expected_version=form.cleaned_data["version"],
            owner=form.cleaned_data["owner"],
            key=form.cleaned_data["key"],
        )

    def said(self, result: Commitment) -> str:
        if result.owner is None:
            return f"{result.name} has no owner now."
        return f"{result.owner} owns {result.name} now."

    def mine(self, form: Any) -> dict[str, Any]:
        return {"owner": as_recorded(form.cleaned_data["owner"])}


class ReschedulePage(ChangePage):
    """A new deadline or review date; the first deadline is shown and stays."""

    form_class: ClassVar[type[ActionForm]] = RescheduleForm
    template_name = "commitments/reschedule.html"
    heading = "Reschedule"
    button = "Reschedule"

    def act(self, form: Any) -> Commitment:
        given = form.cleaned_data
        return actions.reschedule(
            self.commitment,
            actor=self.user,
            expected_version=given["version"],
            due_text=given["due_text"],
            due_edtf=given["due_edtf"],
            review_on=given["review_on"],
            reason=form.reason_with_source(),
            basis=given["basis"],
            key=given["key"],
        )

    def said(self, result: Commitment) -> str:
        if result.due_on and not result.due_confirmed:
            return f"{result.name} is rescheduled. Its reading waits to be confirmed."
        return f"{result.name} is rescheduled."

    def mine(self, form: Any) -> dict[str, Any]:
        given = form.cleaned_data
        wanted = {name: as_recorded(given[name]) for name in ("due_text", "review_on")}
        if given["due_edtf"]:
            wanted["due_edtf"] = given["due_edtf"]
        return {**wanted, "reason": form.reason_with_source()}


class ConfirmReadingPage(ChangePage):
    """Stand by a person's reading of the deadline."""

    form_class: ClassVar[type[ActionForm]] = ConfirmForm
    template_name = "commitments/reschedule.html"
    heading = "Confirm the reading of the deadline"
    button = "Confirm this reading"
    hint = "From then on it can be called overdue."

    def act(self, form: Any) -> Commitment:
        return actions.confirm_reading(
            self.commitment,
            actor=self.user,
            expected_version=form.cleaned_data["version"],
            key=form.cleaned_data["key"],
        )

    def said(self, result: Commitment) -> str:
        return f"The deadline of {result.name} is confirmed."

    def mine(self, form: Any) -> dict[str, Any]:
        return {"due_confirmed": True}


class NotePage(ChangePage):
    """A few words for the history."""

    form_class: ClassVar[type[ActionForm]] = NoteForm
    heading = "Write a note"
    button = "Add the note"

    def allow(self, commitment: Commitment) -> None:
        require(
            self.user,
            *NOTERS,
            sentence="Notes are for staff, auditors and administrators.",
        )

    def act(self, form: Any) -> Any:
        return actions.note(
            self.commitment,
            actor=self.user,
            words=form.cleaned_data["words"],
            key=form.cleaned_data["key"],
        )

    def said(self, result: Any) -> str:
        return "Your note is in the history."


class LinkPage(ChangePage):
    """What it has to do with another commitment."""

    form_class: ClassVar[type[ActionForm]] = LinkForm
    heading = "Link to another commitment"
    button = "Link"

    def act(self, form: Any) -> Link:
        source, target, kind = form.ends(self.commitment)
        return actions.link(source, actor=self.user, target=target, kind=kind)

    def said(self, result: Link) -> str:
        return f"{result.source.name} {result.get_kind_display()} {result.target.name}."


class UnlinkPage(ChangePage):
    """Take a link back; the history keeps it."""

    form_class: ClassVar[type[ActionForm]] = ConfirmForm
    heading = "Take the link back"
    button = "Take it back"

    def link(self) -> Link:
        """The live link of this commitment with the number in the address."""
        links = Link.objects.filter(
            seen_by(self.user, "source"), seen_by(self.user, "target"), withdrawn_at=None
        )
        mine = links.filter(source=self.commitment) | links.filter(target=self.commitment)
        return get_object_or_404(mine.select_related("source", "target"), pk=self.kwargs["link"])

    def context(self, form: Any) -> dict[str, Any]:
        old = self.link()
        hint = f"{old.source.name} {old.get_kind_display()} {old.target.name}."
        return {**super().context(form), "hint": hint}

    def act(self, form: Any) -> Link:
        return actions.unlink(self.link(), actor=self.user)

    def said(self, result: Link) -> str:
        return "The link is taken back."


class SplitPage(ChangePage):
    """One commitment per obligor."""

    form_class: ClassVar[type[ActionForm]] = SplitForm
    heading = "Split by obligor"
    button = "Split"

    def allow(self, commitment: Commitment) -> None:
        may_change(self.user, commitment)
        if commitment.state == State.REPORTED:
            raise NotAllowed("Take the report back first; each part needs its own.")

    def act(self, form: Any) -> list[Commitment]:
        return actions.split(
            self.commitment,
            actor=self.user,
            expected_version=form.cleaned_data["version"],
            obligors=form.cleaned_data["obligors"],
            key=form.cleaned_data["key"],
        )

    def said(self, result: list[Commitment]) -> str:
        others = [row.name for row in result[1:]]
        if not others:
            return "It was split before."
        return f"{result[0].name} is split; the others are {wording.listed(others)}."

    def mine(self, form: Any) -> dict[str, Any]:
        return {"obligor": as_recorded(form.cleaned_data["obligors"][0])}


@require_POST
def watch(request: HttpRequest, name: str) -> HttpResponse:
    """Start or stop being told of changes; `stop` is given to stop."""
    commitment = found(request, name)
    reader = reader_of(request)
    if request.POST.get("stop"):
        actions.unwatch(commitment, actor=reader)
        messages.success(request, f"You no longer watch {commitment.name}.")
    else:
        actions.watch(commitment, actor=reader)
        messages.success(request, f"You watch {commitment.name} now.")
    return see_other(request, address_of(commitment))


@require_safe
def follow_up(request: HttpRequest, name: str) -> HttpResponse:
    """On to a new letter about this commitment."""
    commitment = found(request, name)
    return see_other(request, f"{reverse('new-follow-up')}?{urlencode({'c': commitment.name})}")
