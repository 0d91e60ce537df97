"""Numbered pages: which links stand below a list, and what they say. Pure."""

from dataclasses import dataclass
from urllib.parse import urlencode

from tracker import wording

# Counting stops here: "1,000+" says enough, and a full count of a large table is slow.
COUNT_CAP = 1_001


@dataclass(frozen=True)
class PageLink:
    """One entry of the pager; `query` is "" for the page shown, and `label` "…" for a gap."""

    label: str
    query: str
    current: bool = False


@dataclass(frozen=True)
class Pager:
    """The page shown and the way to the others, for components/pager.html.

    Queries begin with "?" and keep every other parameter of the address; "" where there is none.
    """

    links: list[PageLink]
    previous: str
    next: str
    words: str

    @property
    def needed(self) -> bool:
        return bool(self.previous or self.next)


def number_of(asked: str | None) -> int:
    """The page number in an address; anything that is none means the first page."""
    known = asked and asked.isascii() and asked.isdigit()
    # Beyond nine digits no page is, and a database would stumble over the number.
    return max(1, int(asked[:9])) if asked and known else 1


def pager(
    *, number: int, size: int, total: int, shown: int, parameters: list[tuple[str, str]]
) -> Pager:
    """The pager for page `number` of `size` rows, of which `shown` stand on the page.

    `total` is the count of all rows, or COUNT_CAP for that many and more. `parameters` are those
    of the address; "page" among them is replaced.
    """
    kept = [(name, value) for name, value in parameters if name != "page"]

    def query(page: int) -> str:
        return "?" + urlencode(kept + ([("page", str(page))] if page > 1 else []))

    capped = total >= COUNT_CAP
    last = max(1, -(-min(total, COUNT_CAP - 1) // size))
    links: list[PageLink] = []
    before = 0
    for page in sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1))):
        if page > before + 1:
            links.append(PageLink("…", ""))
        links.append(PageLink(str(page), query(page), page == number))
        before = page
    first = (number - 1) * size + 1
    count = f"{wording.number(COUNT_CAP - 1)}+" if capped else wording.number(total)
    return Pager(
        links,
        previous=query(number - 1) if number > 1 else "",
        next=query(number + 1) if number < last else "",
        words=f"{first}–{first + shown - 1} of {count}" if shown else f"none of {count}",
    )
