"""The register: every commitment the reader may see, filtered, sorted and paged by its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from commitments.filters import (
    DEFAULT,
    MOST_QUERIES,
    NOT_COUNTED,
    ORDERS,
    SOURCES,
    CommitmentFilter,
    Facet,
    Numbers,
    Option,
    count,
    facet,
    page_of,
    suggestions,
    tally,
)
from commitments.models import Commitment
from commitments.querysets import CommitmentQuerySet
from commitments.views.request import office_today, reader_of
from commitments.views.rows import COLUMNS, Row, rows
from tracker import wording
from tracker.paging import COUNT_CAP, Pager, pager
from tracker.users.models import User

SIZE = 50
LAST = (COUNT_CAP - 1) // SIZE
HEADINGS = {
    "reference": "Reference",
    "title": "Commitment",
    "obligor": "Obligor",
    "due": "Due",
    "state": "State",
    "verdict": "Verdict",
    "owner": "Owner",
}
# The filter column from top to bottom; the second half is folded until it is used.
OPEN_FACETS = ("obligor", "state", "due", "document", "verdict", "owner")
FOLDED_FACETS = ("kind", "topic", "beneficiary", "strength", "priority")
KEPT = 1024
BOX = '<label><input type="checkbox" name="{}" value="{}" id="{}-{}"{}> <span>{}</span>{}</label>'
CHECKED = SafeString(" checked")
COUNT = ' <span class="count">{}</span>'
Pairs = list[tuple[str, str]]


def address(pairs: Pairs) -> str:
    """The query string of a state of the list; a lone "?" leads back to the plain one."""
    return "?" + urlencode(pairs)


def asked_pairs(filters: CommitmentFilter) -> Pairs:
    """What the address asks of the filters, tidied: nothing empty, nothing twice."""
    return [(name, value) for name in filters.filters for value in filters.chosen(name) if value]


@dataclass(frozen=True)
class Chip:
    """One filter in force and the address without it."""

    label: str
    query: str


@dataclass(frozen=True)
class View:
    """A list worth a link of its own, and how many stand on it ("1,000+" past the cap)."""

    label: str
    query: str
    count: str
    current: bool


@dataclass(frozen=True)
class Heading:
    """The head of a column; `query` sorts by it, or turns the order round."""

    label: str
    query: str
    sort: str


def chips(filters: CommitmentFilter, asked: Pairs, sort: Pairs) -> list[Chip]:
    """What is asked, each with the way to take it back."""
    found = []
    for pair in asked:
        name, value = pair
        rest = [other for other in asked if other != pair]
        words = f"{filters.filters[name].label}: {label_of(filters, name, value)}"
        found.append(Chip(words, address(rest + sort)))
    return found


def label_of(filters: CommitmentFilter, name: str, value: str) -> str:
    """A value as people read it: the name for an id, the label for a choice."""
    if name in filters.given:
        named, _ = filters.resolved(name)
        return next((thing.label for thing in named if thing.value == value), value)
    choices = getattr(filters.form.fields[name], "choices", {})
    return choices.get(value, value)


def shown(number: int) -> str:
    """A capped count in words."""
    return f"{wording.number(COUNT_CAP - 1)}+" if number >= COUNT_CAP else wording.number(number)


VIEWS: dict[str, tuple[str, Pairs]] = {
    "all": ("All", []),
    "live": ("Live", [("state", "live")]),
    "overdue": ("Overdue", [("due", "overdue")]),
    "unowned": ("No owner", [("state", "live"), ("owner", "none")]),
    "mine": ("Mine", [("state", "live"), ("owner", "me")]),
    "candidates": ("Candidates", [("state", "candidate")]),
}


def view_lists(reader: User, today: date) -> dict[str, CommitmentQuerySet]:
    """The lists behind the links; each is what its link leads to."""
    visible = Commitment.objects.visible_to(reader)
    return {
        "all": visible.opened(),
        "live": visible.live(),
        "overdue": visible.overdue(today).opened(),
        "unowned": visible.live().unowned(),
        "mine": visible.live().filter(owner=reader),
        "candidates": visible.candidates(),
    }


def views(counts: Mapping[str, int], asked: Pairs) -> list[View]:
    """The links above the list, with their counts as far as they are known."""
    return [
        View(
            label,
            address(pairs),
            shown(counts[name]) if name in counts else "",
            sorted(pairs) == sorted(asked),
        )
        for name, (label, pairs) in VIEWS.items()
    ]


def headings(asked: Pairs, sort: str) -> list[Heading]:
    """The heads of the columns with their orders."""
    found = []
    for name, label in HEADINGS.items():
        turned = f"-{name}" if sort == name else name
        state = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        found.append(Heading(label, address([*asked, ("sort", turned)]), state))
    return found


@dataclass(frozen=True)
class Place:
    """The page to show and, where it is not the one asked for, why."""

    number: int
    error: str = ""

    @property
    def pairs(self) -> Pairs:
        """The page as it stands in an address."""
        return [("page", str(self.number))] if self.number > 1 else []


def place_of(asked: str | None, total: int) -> Place:
    """Which page to show of a list of `total` rows (capped)."""
    last = min(max(1, -(-total // SIZE)), LAST)
    if asked in (None, ""):
        return Place(1)
    if not (asked.isascii() and asked.isdecimal()) or int(asked[:9]) == 0:
        return Place(1, f"“{wording.cut(asked, 20)}” is not a page number. This is page 1.")
    number = int(asked[:9])
    if number <= last:
        return Place(number)
    if total >= COUNT_CAP:
        first = wording.number(COUNT_CAP - 1)
        return Place(
            last,
            f"Pages reach as far as the first {first}. This is page {last}; "
            "filter the list, or sort it the other way round, to see the rest.",
        )
    return Place(last, f"There is no page {number}. This is page {last}, the last one.")


@dataclass(frozen=True)
class Listing:
    """One page of the register, read and counted.

    `small` says that everything there is stays under the cap, so that counting it costs nothing.
    """

    rows: list[Row]
    total: int
    small: bool
    place: Place
    pager: Pager
    sort: str
    sort_error: str

    @property
    def words(self) -> str:
        """How many there are: "21 commitments", "1,000+ commitments"."""
        return f"{shown(self.total)} commitment{'' if self.total == 1 else 's'}"


def listing(filters: CommitmentFilter, data: QueryDict, asked: Pairs, *, most: int) -> Listing:
    """Read the page that the address asks for, in at most so many queries and two."""
    given = data.get("sort", "")
    sort = given if given in ORDERS else DEFAULT
    error = "" if sort == given or not given else "There is no such order; this is the usual one."
    everything = Commitment.objects.all()
    counts = tally(filters.reader, {"total": filters.qs, "everything": everything})
    total = counts["total"]
    place = place_of(data.get("page"), total)
    found = page_of(
        filters.qs.values(*COLUMNS),
        ORDERS[sort],
        start=(place.number - 1) * SIZE,
        length=SIZE,
        most=most if total > 2 * SIZE else 0,
    )
    kept = asked + sort_pairs(sort)
    links = pager(number=place.number, size=SIZE, total=total, shown=len(found), parameters=kept)
    small = counts["everything"] < COUNT_CAP
    return Listing(rows(found, filters.today), total, small, place, links, sort, error)


def sort_pairs(sort: str) -> Pairs:
    """The order as it stands in an address; the usual one and one there is not do not."""
    return [("sort", sort)] if sort in ORDERS and sort != DEFAULT else []


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The page, its middle for HTMX, or what is counted apart: the links, the filter column."""
    reader = reader_of(request)
    fragment = fragment_of(request)
    filters = CommitmentFilter(
        request.GET,
        Commitment.objects.visible_to(reader),
        reader=reader,
        today=office_today(),
        choices=fragment == "facets" or wants_counts(request),
    )
    return PARTS.get(fragment, the_list)(request, filters)


def the_links(request: HttpRequest, filters: CommitmentFilter) -> HttpResponse:
    """The links above the list with their counts."""
    lengths = tally(filters.reader, view_lists(filters.reader, filters.today))
    context = {"views": views(lengths, asked_pairs(filters)), "views_counted": True}
    return answer(request, "commitments/_views.html", context)


def the_column(request: HttpRequest, filters: CommitmentFilter) -> HttpResponse:
    """The filter column with its counts."""
    context = column(filters, asked_pairs(filters), count(filters, {}))
    return answer(request, "commitments/_facets.html", context)


PARTS = {"views": the_links, "facets": the_column}


def the_list(request: HttpRequest, filters: CommitmentFilter) -> HttpResponse:
    """The page, or what of it changes with its address."""
    asked, counted = asked_pairs(filters), wants_counts(request)
    numbers = NOT_COUNTED
    if counted:
        numbers = count(filters, view_lists(filters.reader, filters.today))
    found = listing(filters, request.GET, asked, most=1 if counted else MOST_QUERIES)
    lengths = numbers.lists
    if found.small and not counted:
        filters.list_choices()
        lengths = tally(filters.reader, view_lists(filters.reader, filters.today))
    sort = sort_pairs(found.sort)
    context = column(filters, asked, numbers) | {
        "section": "register",
        "found": found,
        "views": views(lengths, asked),
        "views_counted": bool(lengths),
        "chips": chips(filters, asked, sort),
        "clear": address(sort),
        "headings": headings(asked, found.sort),
        "fragment": bool(fragment_of(request)),
        # A link that was followed is gone from the page; the reader goes on at the results.
        "followed": request.htmx.boosted,  # type: ignore[attr-defined]
    }
    template = "_register.html" if context["fragment"] else "register.html"
    response = answer(request, f"commitments/{template}", context)
    response.status_code = 422 if filters.errors else 200
    tidy = asked + sort + found.place.pairs
    response["HX-Push-Url"] = reverse("register") + address(tidy).rstrip("?")
    return response


def wants_counts(request: HttpRequest) -> bool:
    """Whether a reader without scripts asked for the counts."""
    return not fragment_of(request) and "counts" in request.GET


def column(filters: CommitmentFilter, asked: Pairs, numbers: Numbers) -> dict[str, Any]:
    """What the filter column shows: each filter with its boxes."""

    def shown_as(names: tuple[str, ...]) -> list[tuple[Facet, SafeString]]:
        facets = [facet(filters, name, numbers) for name in names]
        return [(one, boxes(one.name, one.options)) for one in facets]

    sort = filters.data.get("sort", "")
    return {
        "filters": filters,
        "facets": shown_as(OPEN_FACETS),
        "folded": shown_as(FOLDED_FACETS),
        "stale": shown_as(("stale",)),
        "bounds": [filters.form["due_from"], filters.form["due_to"]],
        "counted": numbers.counted,
        "counts_query": address([*asked, *sort_pairs(sort), ("counts", "1")]),
    }


@lru_cache(maxsize=KEPT)
def boxes(name: str, options: tuple[Option, ...]) -> SafeString:
    """The boxes of one filter; those without counts are the same on most pages."""
    return format_html_join(
        "\n",
        BOX,
        (
            (
                name,
                option.value,
                name,
                option.value,
                CHECKED if option.chosen else "",
                option.label,
                "" if option.count is None else format_html(COUNT, wording.number(option.count)),
            )
            for option in options
        ),
    )


def fragment_of(request: HttpRequest) -> str:
    """The id of the part that HTMX will swap; "" for a whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.history_restore_request:
        return ""
    return htmx.target if htmx.target in ("facets", "views") else "register"


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render; the same address answers with a page or a part, and no cache may mix them up."""
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Names to choose from while one is typed, as the options of a datalist."""
    of = request.GET.get("of", "")
    if of not in SOURCES:
        raise Http404
    found = suggestions(of, reader_of(request), request.GET.get(of, ""))
    return render(request, "commitments/_names.html", {"names": found})
