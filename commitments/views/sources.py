"""What a commitment rests on: its citations with their place in the current text of each document.

One query, whatever the number of citations and the length of the texts.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Greatest, Substr

from commitments.models import Citation, CitationRole, Commitment
from documents.models import Text
from documents.paragraphs import Context, sentences_around
from documents.querysets import open_to
from documents.quoting import citation as quoted
from documents.quoting import place
from tracker.users.models import User

# How far on either side of a quote its sentences are looked for, in characters.
REACH = 2000


@dataclass(frozen=True)
class Source:
    """One citation as a page shows it.

    `seen` is whether this reader may see the document; without that nothing else may be shown.
    `context` is None where the words have no place in the current text, or none were cited;
    `where` is that place in words, `address` the way there, and `copy` the words with their
    source and address, to be pasted elsewhere.
    """

    citation: Citation
    seen: bool
    context: Context | None = None
    where: str = ""
    address: str = ""
    copy: str = ""

    @property
    def lost(self) -> bool:
        """Words were cited, and the newest text of their document does not have them."""
        return self.citation.passage_id is not None and self.context is None

    @property
    def withdrawn(self) -> bool:
        return self.citation.withdrawn_at is not None


def load_citations(commitment: Commitment, reader: User) -> list[Citation]:
    """Prefetch the commitment's citations with what `sources` needs; the oldest first."""
    prefetch_related_objects([commitment], Prefetch("citations", queryset=_placed(reader)))
    loaded: Iterable[Any] = commitment.citations.all()
    found: dict[int, Any] = {}
    for row in loaded:
        # One row for each text in which the words were placed: the newest text is the one.
        if row.pk not in found or row.placed_in == row.newest:
            found[row.pk] = row
    return list(found.values())


def _placed(reader: User) -> QuerySet[Any]:
    newest = Text.objects.filter(original=OuterRef("document__original")).order_by("-id")
    place, text = "passage__placements__", "passage__placements__text__"
    allowed = open_to(reader, "document__restricted_to")
    # The empty condition holds for every row, which a CASE cannot be asked.
    seen = Case(When(allowed, then=True), default=False) if allowed else Value(True)
    window_from = Greatest(F(f"{place}start") - REACH, Value(0), output_field=IntegerField())
    return (
        Citation.objects.select_related("document", "passage", "added_by", "withdrawn_by")
        .annotate(
            seen=seen,
            newest=Subquery(newest.values("id")[:1]),
            placed_in=F(f"{text}id"),
            starts=F(f"{place}start"),
            ends=F(f"{place}end"),
            page_starts=F(f"{text}page_starts"),
            paragraph_starts=F(f"{text}paragraph_starts"),
            window_from=window_from,
            window=Substr(
                f"{text}text",
                window_from + 1,
                F(f"{place}end") - window_from + REACH,
                output_field=TextField(),
            ),
        )
        .order_by("id")
    )


def sources(citations: Sequence[Any], site: str) -> list[Source]:
    """The loaded citations as a page shows them, in the same order. `site` begins addresses."""
    return [_source(one, site.rstrip("/")) for one in citations]


def _source(citation: Any, site: str) -> Source:
    if not citation.seen:
        return Source(citation, seen=False)
    whole = citation.document.get_absolute_url()
    if citation.placed_in is None or citation.placed_in != citation.newest:
        return Source(citation, seen=True, address=whole)
    start, end, shift = citation.starts, citation.ends, citation.window_from
    first, last = _paragraphs(citation.paragraph_starts, start, end)
    bounds = max(first - shift, 0), min(last - shift, len(citation.window))
    if last - shift <= len(citation.window):
        # The gap between two paragraphs belongs to neither.
        bounds = bounds[0], bounds[0] + len(citation.window[slice(*bounds)].rstrip())
    address = citation.passage.get_absolute_url()
    words = citation.passage.quote
    pages = citation.page_starts
    return Source(
        citation,
        seen=True,
        context=sentences_around(citation.window, start - shift, end - shift, bounds),
        where=place(pages, start, end),
        address=address,
        copy=quoted(citation.document, pages, words, start, end, site + address),
    )


def _paragraphs(starts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """From the beginning of the paragraph of `start` to the end of that of `end` (or far on)."""
    first = starts[bisect_right(starts, start) - 1] if starts else 0
    after = bisect_left(starts, end)
    return first, starts[after] if after < len(starts) else end + REACH


def origins(shown: Sequence[Source]) -> list[Source]:
    """Where it was said: the live origins."""
    return [one for one in shown if one.citation.role == CitationRole.ORIGIN and not one.withdrawn]


def cited_since(shown: Sequence[Source]) -> list[Source]:
    """Everything else, the latest first; what was withdrawn stays, marked."""
    first = {one.citation.pk for one in origins(shown)}
    rest = [one for one in shown if one.citation.pk not in first]
    return sorted(rest, key=_when, reverse=True)


def _when(source: Source) -> tuple[str, int]:
    effective = source.citation.effective_on
    return (effective.isoformat() if effective else "", source.citation.pk)
