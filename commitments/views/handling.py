"""How a form about one commitment is handled: load it, call one action, show what came of it.

GET shows the form alone, so that every change can be made without scripts. A refusal comes back
with the form as it was typed (422), a change by somebody else with both versions (409), a lack of
rights with the reason and who may (403). With HTMX only the form is sent.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from commitments.actions.citing import may_change
from commitments.forms.base import ActionForm, fresh_key
from commitments.forms.fields import by_name
from commitments.models import Commitment
from commitments.views import conflicts
from commitments.views.request import reader_of
from tracker.ledger.writing import ReusedKey
from tracker.refusals import Conflict, NotAllowed, Refusal
from tracker.users.models import User

TIES = (
    "obligor",
    "on_behalf_of",
    "requested_by",
    "owner",
    "reported_by",
    "restricted_to",
    "merged_into",
)


def commitments_for(reader: User) -> QuerySet[Any]:
    """What this reader may see, with the rows that a page names."""
    return Commitment.objects.visible_to(reader).select_related(*TIES)


def found(request: HttpRequest, name: str) -> Commitment:
    """The commitment of that name; 404 where there is none that this reader may see."""
    reader = reader_of(request)
    row: Commitment = get_object_or_404(commitments_for(reader), by_name(name))
    return row


def see_other(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page after a change."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address, status=303)


def not_allowed(request: HttpRequest, refused: NotAllowed) -> HttpResponse:
    """The reason why somebody may not do something that is about no one commitment."""
    context = {"section": "register", "sentence": str(refused)}
    return render(request, "commitments/not_allowed.html", context, status=403)


def whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that HTMX puts in place of all that is shown."""
    if getattr(request, "htmx", False):
        return reswap(retarget(response, "body"), "innerHTML")
    return response


class ChangePage(View, ABC):
    """One form on one commitment; a subclass names the form, the action and the words."""

    form_class: ClassVar[type[ActionForm]]
    template_name = "commitments/change.html"
    heading = ""
    button = "Save"
    hint = ""
    danger = False
    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.user = reader_of(request)
        self.commitment = found(request, kwargs["name"])
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as refused:
            return self.barred(refused)
        except Commitment.DoesNotExist as gone:
            # It was restricted between two clicks.
            raise Http404 from gone

    # What a subclass says

    @abstractmethod
    def act(self, form: Any) -> Any:
        """Call the one action with what the form holds."""

    def allow(self, commitment: Commitment) -> None:
        """Raise NotAllowed where this person may not do it as things stand."""
        may_change(self.user, commitment)

    def said(self, result: Any) -> str:
        """What is said once it is done."""
        return "Saved."

    def more(self) -> dict[str, Any]:
        """More arguments for the form."""
        return {}

    def mine(self, form: Any) -> dict[str, Any]:
        """What the person wanted, field by field, as a snapshot would hold it."""
        return {}

    def again(self, form: Any) -> Iterable[tuple[str, str]]:
        """What is sent when the person applies theirs to the newer version."""
        return form.given()

    def where(self, result: Any) -> str:
        return self.commitment.get_absolute_url()

    # What is the same for all

    def form(self, data: Any = None, **options: Any) -> Any:
        known = {"commitment": self.commitment, "user": self.user, **self.more(), **options}
        return self.form_class(data, **known)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allow(self.commitment)
        return self.page(self.form(initial=self.initial()))

    def initial(self) -> dict[str, Any]:
        """What the address suggests."""
        return {}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            self.allow(self.commitment)
            return self.page(form, 422)
        try:
            result = self.act(form)
        except Conflict as conflict:
            return self.conflicted(form, conflict.current)
        except Refusal as refusal:
            form.refuse(refusal.errors)
        except ReusedKey as reused:
            form.data = form.data.copy()
            form.data["key"] = fresh_key()
            form.add_error(None, str(reused))
        else:
            messages.success(request, self.said(result))
            return see_other(request, self.where(result))
        return self.page(form, 422)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            "section": "register",
            "commitment": self.commitment,
            "form": form,
            "action": self.request.path,
            "heading": self.heading,
            "button": self.button,
            "hint": self.hint,
            "danger": self.danger,
        }

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        template, context = self.template_name, self.context(form)
        if getattr(self.request, "htmx", False):
            template = "commitments/_form.html"
            if self._alone():
                context |= {"primary": True, "back": self.commitment.get_absolute_url()}
        return render(self.request, template, context, status=status)

    def _alone(self) -> bool:
        """Whether HTMX asks from the form's own page, and not from a folded box in another."""
        shown = self.request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
        return shown.partition("?")[0] == self.request.path

    def barred(self, refused: NotAllowed) -> HttpResponse:
        """The reason, and the way back."""
        context = {"section": "register", "commitment": self.commitment, "sentence": str(refused)}
        response = render(self.request, "commitments/not_allowed.html", context, status=403)
        return whole_page(self.request, response)

    def conflicted(self, form: Any, current: Commitment) -> HttpResponse:
        """Both versions, with what differs, and the way to apply one or to keep the other."""
        context = {
            **self.context(form),
            "clash": conflicts.clash(
                current, int(form.cleaned_data["version"]), self.mine(form), self.user
            ),
            "again": list(self.again(form)),
            "key": fresh_key(),
            "still": self._still(current),
            "current": current,
        }
        response = render(self.request, "commitments/conflict.html", context, status=409)
        return whole_page(self.request, response)

    def _still(self, current: Commitment) -> str:
        """ "" where it can still be done on the newer version, or else why not."""
        try:
            self.allow(current)
        except NotAllowed as refused:
            return str(refused)
        return ""


def address_of(commitment: Commitment, page: str = "commitment", **more: Any) -> str:
    """The address of one of the commitment's pages."""
    return reverse(page, kwargs={"name": commitment.name, **more})
