"""How the register is asked: filters, orders, counts and the names a filter may give."""

from commitments.filters.commitment import CommitmentFilter
from commitments.filters.counting import tally
from commitments.filters.facets import NOT_COUNTED, Facet, Numbers, Option, count, facet
from commitments.filters.named import SOURCES, Named, suggestions
from commitments.filters.order import BACKWARD, DEFAULT, FORWARD, MOST_QUERIES, ORDERS, page_of

__all__ = [
    "BACKWARD",
    "DEFAULT",
    "FORWARD",
    "MOST_QUERIES",
    "NOT_COUNTED",
    "ORDERS",
    "SOURCES",
    "CommitmentFilter",
    "Facet",
    "Named",
    "Numbers",
    "Option",
    "count",
    "facet",
    "page_of",
    "suggestions",
    "tally",
]
