"""What a filter can name: parties, people, topics and documents, as far as the reader may know.

A filter gives them by id or in words (a name, an alias, a reference). Only what stands beside a
commitment the reader may see can be named, listed or suggested, so that no choice, chip or
suggestion tells of a restricted record.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from commitments.models import Citation, Commitment, Party, Topic
from commitments.models.party import fold
from documents.models import Document
from tracker.users.models import User

LISTED = 20
SUGGESTED = 12
LONGEST_WORDS = 200
MOST_IDS = 50
MOST_WORDS = 5
SHORTEST_SUGGESTED = 2


@dataclass(frozen=True)
class Named:
    """One thing that a filter can name; `value` is what stands in the address."""

    value: str
    label: str


@dataclass(frozen=True)
class Source:
    """Where the things of one filter come from.

    `rows` answers those the reader may know, `label` is the expression of the name shown, `words`
    the condition under which typed words mean a row and `similar` that under which they may, and
    `order` the order in which the first ones are listed (empty: none are).
    """

    rows: Callable[[User], QuerySet[Any]]
    label: Any
    words: Callable[[str], Q]
    similar: Callable[[str], Q]
    order: tuple[Any, ...] = ()


def _beside(reader: User, **ties: Any) -> Exists:
    """There is a commitment the reader may see that is tied to the row in these ways."""
    return Exists(Commitment.objects.visible_to(reader).filter(**ties))


def _parties(tie: str) -> Callable[[User], QuerySet[Any]]:
    return lambda reader: Party.objects.filter(_beside(reader, **{tie: OuterRef("pk")}))


def _documents(reader: User) -> QuerySet[Any]:
    # Asked by its key: a list of everything visible would be made for each question.
    seen = Commitment.objects.visible_to(reader).filter(pk=OuterRef("commitment"))
    cited = Citation.objects.filter(Exists(seen), document=OuterRef("pk"), withdrawn_at=None)
    return Document.objects.visible_to(reader).filter(Exists(cited))


def _is_party(words: str) -> Q:
    return Q(name__iexact=words) | Q(aliases__folded=fold(words), aliases__document=None)


def _like_party(words: str) -> Q:
    return Q(name__icontains=words) | Q(aliases__folded__contains=fold(words))


PERSON = Coalesce(NullIf("first_name", Value("")), "username")
SOURCES: dict[str, Source] = {
    "obligor": Source(_parties("obligor"), F("name"), _is_party, _like_party),
    "beneficiary": Source(_parties("beneficiaries"), F("name"), _is_party, _like_party),
    "owner": Source(
        lambda reader: User.objects.filter(_beside(reader, owner=OuterRef("pk"))),
        PERSON,
        lambda words: Q(username__iexact=words) | Q(first_name__iexact=words),
        lambda words: Q(username__icontains=words) | Q(first_name__icontains=words),
        order=("first_name", "username"),
    ),
    "topic": Source(
        lambda reader: Topic.objects.filter(_beside(reader, topics=OuterRef("pk"))),
        F("name"),
        lambda words: Q(name__iexact=words),
        lambda words: Q(name__icontains=words),
        order=("name",),
    ),
    "document": Source(
        _documents,
        F("title"),
        lambda words: Q(title__iexact=words) | Q(reference__iexact=words),
        lambda words: Q(title__icontains=words) | Q(reference__icontains=words),
        order=(F("dated_from").desc(nulls_last=True), "title", "id"),
    ),
}


def is_id(token: str) -> bool:
    """Whether a token is a row's id, rather than words."""
    return token.isascii() and token.isdecimal() and len(token) <= 18


def tokens_of(given: Iterable[str]) -> list[str]:
    """The tokens of one filter as they count: trimmed, ids without leading zeros, each once."""
    trimmed = (" ".join(token.replace("\0", " ").split()) for token in given)
    plain = (str(int(token)) if is_id(token) else token for token in trimmed if token)
    return list(dict.fromkeys(plain))


def too_many(tokens: Sequence[str]) -> bool:
    """Whether more is named than one question can hold."""
    words = [token for token in tokens if not is_id(token)]
    return (
        len(tokens) > MOST_IDS
        or len(words) > MOST_WORDS
        or any(len(token) > LONGEST_WORDS for token in words)
    )


@dataclass(frozen=True)
class Catalogue:
    """What one request needs of names: what it names itself, and the first few to choose from.

    `meant` maps source and token to the rows it can mean; `listed` maps a source to its choices,
    or is empty as long as nobody asked for them.
    """

    meant: Mapping[tuple[str, str], list[Named]] = field(default_factory=dict)
    listed: Mapping[str, list[Named]] = field(default_factory=dict)

    def has_more(self, name: str) -> bool:
        """Whether there may be more to name than is listed."""
        source = SOURCES[name]
        return not (source.order and self.listed) or len(self.listed.get(name, [])) > LISTED

    @classmethod
    def load(
        cls, reader: User, given: Mapping[str, Sequence[str]], *, choices: bool = False
    ) -> "Catalogue":
        """Look everything up in one query at most; `choices` lists the first of each source."""
        branches = [
            branch
            for name, source in SOURCES.items()
            for branch in _branches(name, source, reader, given.get(name, ()), choices)
        ]
        if not branches:
            return cls()
        found = branches[0].union(*branches[1:], all=True) if branches[1:] else branches[0]
        meant: dict[tuple[str, str], list[Named]] = {}
        listed: dict[str, dict[str, Named]] = {}
        for name, token, pk, label in found:
            thing = Named(str(pk), label)
            if token:
                meant.setdefault((name, token), []).append(thing)
            else:
                listed.setdefault(name, {})[thing.value] = thing
        return cls(meant, {name: _sorted(rows.values()) for name, rows in listed.items()})


def _sorted(things: Iterable[Named]) -> list[Named]:
    return sorted(things, key=lambda thing: (fold(thing.label), thing.value))


def _branches(
    name: str, source: Source, reader: User, tokens: Sequence[str], choices: bool
) -> Iterable[QuerySet[Any]]:
    """The selects of one source: (source, token, id, label); token "" for what is listed."""
    listing = choices and source.order
    if not (tokens or listing):
        return
    rows = source.rows(reader)
    everything = rows.model._default_manager
    if listing:
        # A slice cannot stand in a union everywhere; a slice inside IN can.
        first = rows.order_by(*source.order)[: LISTED + 1].values("pk")
        yield _select(name, source, Value(""), everything.filter(pk__in=first))
    if too_many(tokens):
        return
    if ids := [int(token) for token in tokens if is_id(token)]:
        yield _select(name, source, Cast("pk", CharField()), rows.filter(pk__in=ids))
    for words in (token for token in tokens if not is_id(token)):
        meant = everything.filter(source.words(words)).values("pk")
        yield _select(name, source, Value(words), rows.filter(pk__in=meant))


def _select(name: str, source: Source, token: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    words = CharField()
    return rows.order_by().values_list(
        Value(name, words), Cast(token, words), "pk", Cast(source.label, words)
    )


def suggestions(name: str, reader: User, words: str) -> list[str]:
    """The names that typed words may mean, those that begin with them first; [] for too few."""
    typed = " ".join(words.replace("\0", " ").split())[:LONGEST_WORDS]
    if len(typed) < SHORTEST_SUGGESTED:
        return []
    source = SOURCES[name]
    rows = source.rows(reader)
    alike = rows.model._default_manager.filter(source.similar(typed)).values("pk")
    found = rows.filter(pk__in=alike).annotate(shown=source.label).order_by("shown", "pk")
    labels = set(found.values_list("shown", flat=True)[: SUGGESTED * 4])
    start = fold(typed)
    return sorted(labels, key=lambda label: (not fold(label).startswith(start), label))[:SUGGESTED]
