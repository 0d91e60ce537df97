"""Every filter of the register, on one row and on three; a mistake is said and finds nothing."""

from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.filters import (
    ORDERS,
    CommitmentFilter,
    count,
    facet,
    page_of,
    suggestions,
    tally,
)
from commitments.models import Commitment, Party
from tests.commitments.registering import FILTERS, Three, a_repository, an_alias, three
from tests.making import a_candidate, a_document, opened
from tracker import clock
from tracker.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

ALL = {"repository", "labels", "data"}
# The question, and which of the three it finds.
QUESTIONS: list[tuple[str, set[str]]] = [
    ("", ALL),
    ("q=ireland", {"data"}),
    ("q=LABELS+test", {"labels"}),
    ("q=labels+ireland", set()),
    ("q=page", ALL),  # in the success criteria
    ("q=C-2026-0001", {"repository"}),
    ("q=advertisements", ALL),  # only in the quotes
    ("state=open", {"repository"}),
    ("state=open&state=closed", {"repository", "data"}),
    ("state=live", {"repository", "labels"}),
    ("state=candidate", set()),
    ("verdict=delivered", {"data"}),
    ("verdict=none", {"repository", "labels"}),
    ("verdict=none&verdict=delivered", ALL),
    ("kind=pledge", {"repository"}),
    ("kind=promised", {"repository", "data"}),
    ("kind=asked", {"labels"}),
    ("kind=asked&kind=pledge", {"repository", "labels"}),
    ("strength=firm", {"repository"}),
    ("strength=none", {"data"}),
    ("priority=high", {"repository"}),
    ("priority=normal&priority=low", {"labels", "data"}),
    ("due=overdue", {"labels"}),
    ("due=soon", {"repository"}),
    ("due=window", set()),
    ("due=undated", {"data"}),
    ("due=overdue&due=soon", {"repository", "labels"}),
    ("stale=yes", {"labels"}),
    ("due_from=2026", {"repository"}),
    ("due_from=2021-09-30&due_to=September+2021", {"labels"}),
    ("due_to=31.12.2026", {"repository", "labels"}),
    ("obligor=Facebook", {"repository"}),
    ("obligor=facebook&obligor=TikTok", {"repository", "data"}),
    ("obligor=FB", {"repository"}),
    ("beneficiary=Voters", {"repository"}),
    ("beneficiary=Voters&beneficiary=Member+States", {"repository", "labels"}),
    ("owner=me", {"repository"}),
    ("owner=none", {"labels"}),
    ("owner=Otto", {"data"}),
    ("owner=me&owner=none&owner=otto", ALL),
    ("topic=Elections", {"repository", "data"}),
    ("topic=transparency", {"labels", "data"}),
    ("document=Letter+of+June", {"labels"}),
    ("document=Ares(2019)123", {"repository", "data"}),
    ("document=Letter+of+June&document=Flash+report+of+March", ALL),
    ("state=live&obligor=Facebook&due=soon&owner=me&kind=promised", {"repository"}),
    ("state=live&owner=otto", set()),
    ("nonsense=1&state=&owner=&q=+&due_from=", ALL),
]
WRONG = [
    ("due_from=abc", "due_from", "“abc” is not read as a date. Give a day, month or year."),
    ("due_to=2021-02-30", "due_to", "is not a day"),
    ("due_from=2022&due_to=2021", "due_to", "This lies before the first day."),
    ("due_from=../2021", "due_from", "is open on this side"),
    ("state=asleep", "state", "“asleep” is not a state."),
    ("verdict=fine", "verdict", "“fine” is not a verdict."),
    ("kind=x", "kind", "“x” is not a kind."),
    ("due=never", "due", "“never” is not a way to be due."),
    ("obligor=Nobody+Ltd", "obligor", "There is no obligor “Nobody Ltd” in what you can see."),
    ("obligor=999999999999999999", "obligor", "There is no obligor"),
    ("obligor=9999999999999999999999", "obligor", "There is no obligor"),
    ("owner=Zoe", "owner", "There is no owner “Zoe”"),
    ("topic=Sport", "topic", "There is no topic “Sport”"),
    ("document=12345", "document", "There is no document “12345”"),
    ("q=a+b+c+d+e+f+g+h+i", "q", "Give at most 8 words."),
    ("q=%00", "q", "Null characters are not allowed."),
    ("&".join(f"obligor={n}" for n in range(60)), "obligor", "name fewer obligors"),
]


def asked(
    query: str | QueryDict | dict[str, Any], reader: User, **options: Any
) -> CommitmentFilter:
    """The filters as a reader asks them."""
    return CommitmentFilter(
        QueryDict(query) if isinstance(query, str) else query,
        Commitment.objects.visible_to(reader),
        reader=reader,
        today=clock.today(),
        **options,
    )


@pytest.fixture
def rows(olga: User, otto: User, amir: User) -> Three:
    found = three(olga, otto, amir)
    an_alias(olga, Party.objects.get(name="Facebook"), "FB")
    return found


def test_each_filter_finds_its_rows_among_three(rows: Three, olga: User) -> None:
    for query, found in QUESTIONS:
        filters = asked(query, olga)
        assert not filters.errors, query
        assert {rows.named(row) for row in filters.qs} == found, query


def test_each_filter_finds_the_only_row_or_nothing(olga: User, otto: User) -> None:
    row = a_repository(olga, a_document(olga, title="Flash report of March"))
    for query, found in QUESTIONS:
        filters = asked(query, olga)
        wanted = [row] if "repository" in found and not filters.errors else []
        assert list(filters.qs) == wanted, query


def test_a_mistake_is_said_beside_its_field_and_nothing_is_found(rows: Three, olga: User) -> None:
    for query, field, sentence in WRONG:
        filters = asked(query, olga)
        assert list(filters.errors) == [field], query
        assert sentence in str(filters.errors[field][0])
        assert not filters.qs.exists()


def test_a_plain_mapping_asks_the_same_as_an_address(rows: Three, olga: User) -> None:
    filters = asked({"state": "live", "obligor": ["Facebook", "Google"], "q": "labels"}, olga)
    assert [rows.named(row) for row in filters.qs] == ["labels"]


def test_an_alias_of_two_parties_asks_which(rows: Three, olga: User) -> None:
    an_alias(olga, Party.objects.get(name="Google"), "the platform")
    an_alias(olga, Party.objects.get(name="TikTok"), "The Platform")
    [sentence] = asked("obligor=the+platform", olga).errors["obligor"]
    assert sentence in (
        "“the platform” can be Google or TikTok: name one of them.",
        "“the platform” can be TikTok or Google: name one of them.",
    )


def test_candidates_come_on_demand(rows: Three, olga: User) -> None:
    candidate = a_candidate(olga, title="Think of it")
    assert candidate not in asked("", olga).qs
    assert list(asked("state=candidate", olga).qs) == [candidate]
    assert candidate in asked("state=candidate&state=live", olga).qs


def test_who_has_left_counts_as_no_owner(rows: Three, olga: User, otto: User) -> None:
    otto.is_active = False
    otto.save()
    found = {rows.named(row) for row in asked("owner=none", olga).qs}
    assert found == {"labels", "data"}


def test_counts_say_what_choosing_would_show(rows: Three, olga: User) -> None:
    a_candidate(olga, title="Think of it")
    for query in ("", "state=live", "owner=me&kind=promised", "verdict=none&due=overdue"):
        filters = asked(query, olga, choices=True)
        numbers = count(filters, {})
        for name in ("state", "verdict", "due", "owner", "kind", "obligor", "document"):
            others = "&".join(
                part for part in query.split("&") if part and not part.startswith(f"{name}=")
            )
            for option in facet(filters, name, numbers).options:
                chosen = asked(f"{others}&{name}={option.value}", olga)
                assert not chosen.errors
                assert option.count == chosen.qs.count(), (query, name, option)


def test_a_column_without_counts_shows_none(rows: Three, olga: User) -> None:
    shown = facet(asked("state=live", olga), "state")
    assert {option.count for option in shown.options} == {None}
    assert [option.value for option in shown.options if option.chosen] == ["live"]


def test_what_is_typed_wrongly_stays_to_be_put_right(rows: Three, olga: User) -> None:
    shown = facet(asked("obligor=Facebook&obligor=Nobody", olga), "obligor")
    assert [option.label for option in shown.options if option.chosen] == ["Facebook"]
    assert shown.typed == ["Nobody"]
    assert shown.errors


def test_every_order_is_the_same_read_whole_or_in_segments(rows: Three, olga: User) -> None:
    a_candidate(olga, title="Think of it")
    opened(olga, title="Answer", due_text="none stated")
    everything = Commitment.objects.all()
    for sort, order in ORDERS.items():
        names = [row.pk for row in order.whole(everything)]
        assert len(set(names)) == 5
        for start, length in product(range(6), (1, 2, 5)):
            page = page_of(everything, order, start=start, length=length)
            assert [row.pk for row in page] == names[start : start + length], sort


def test_columns_sort_both_ways_and_blanks_come_last(rows: Three, olga: User) -> None:
    def names(sort: str) -> list[str]:
        return [rows.named(row) for row in ORDERS[sort].whole(Commitment.objects.all())]

    assert names("title") == ["data", "repository", "labels"]
    assert names("-title") == ["labels", "repository", "data"]
    assert names("obligor") == ["repository", "labels", "data"]
    assert names("-obligor") == ["data", "labels", "repository"]
    assert names("due") == ["labels", "repository", "data"]
    assert names("-due") == ["repository", "labels", "data"]
    assert names("owner") == ["repository", "data", "labels"]
    assert names("-owner") == ["data", "repository", "labels"]
    assert names("state") == ["repository", "labels", "data"]
    assert names("-state") == ["data", "labels", "repository"]
    assert names("verdict") == ["data", "labels", "repository"]
    assert names("next") == ["labels", "repository", "data"]
    assert names("-reference") == names("reference")[::-1]


def test_a_tally_stops_at_its_cap_and_counts_nothing_as_nought(rows: Three, olga: User) -> None:
    every = Commitment.objects.all()
    lists = {"all": every, "none": every.none(), "open": every.filter(state="open")}
    assert tally(olga, lists) == {"all": 3, "none": 0, "open": 1}
    assert tally(olga, lists, cap=2) == {"all": 2, "none": 0, "open": 1}
    assert tally(olga, {}) == {}


class TestAStranger:
    """Otto is outside the circle that one record, with all it names, is restricted to."""

    @pytest.fixture
    def secret(self, olga: User, otto: User) -> Commitment:
        circle = Group.objects.create(name="circle")
        olga.groups.add(circle)
        document = a_document(olga, title="Secret minutes", restricted_to=circle)
        return opened(
            olga,
            document=document,
            owner=olga,
            title="Keep it to ourselves",
            obligor=Party.objects.create(name="Secret Ltd", kind="company"),
            beneficiaries=[Party.objects.create(name="Hidden group", kind="group")],
        )

    def test_finds_nothing_of_it(self, secret: Commitment, olga: User, otto: User) -> None:
        assert list(asked("", olga).qs) == [secret]
        assert list(asked("", otto).qs) == []
        assert list(asked("q=ourselves", otto).qs) == []

    def test_cannot_name_what_it_names(self, secret: Commitment, olga: User, otto: User) -> None:
        for query in (
            "obligor=Secret+Ltd",
            "beneficiary=Hidden+group",
            "document=Secret+minutes",
            "owner=olga",
        ):
            name = query.split("=")[0]
            assert not asked(query, olga).errors
            assert "in what you can see" in str(asked(query, otto).errors[name])

    def test_cannot_name_it_by_id_either(self, secret: Commitment, olga: User, otto: User) -> None:
        filters = asked(f"obligor={secret.obligor_id}", otto)
        assert "Secret" not in str(filters.errors)
        assert facet(filters, "obligor").typed == [str(secret.obligor_id)]

    def test_is_offered_nothing_of_it(self, secret: Commitment, olga: User, otto: User) -> None:
        for reader, seen in ((olga, True), (otto, False)):
            filters = asked("", reader, choices=True)
            numbers = count(filters, {})
            shown = [
                option.label
                for name in ("obligor", "beneficiary", "document", "owner", "topic")
                for option in facet(filters, name, numbers).options
            ]
            assert ("Secret Ltd" in shown) is seen
            assert ("Secret minutes" in shown) is seen
            assert any(numbers.of.values()) is seen

    def test_is_suggested_nothing_of_it(self, secret: Commitment, olga: User, otto: User) -> None:
        assert suggestions("obligor", olga, "secr") == ["Secret Ltd"]
        assert suggestions("obligor", otto, "secr") == []
        assert suggestions("document", otto, "minutes") == []

    def test_does_not_find_an_open_commitment_by_a_restricted_quote(
        self, secret: Commitment, olga: User, otto: User
    ) -> None:
        row = opened(olga, title="Answer the letter", document=a_document(olga, "Short."))
        origin = secret.citations.get()
        row.citations.create(
            document=origin.document,
            passage=origin.passage,
            role="progress",
            added_at=clock.now(),
            added_by=olga,
        )
        assert row in asked("q=advertisements", olga).qs
        assert row not in asked("q=advertisements", otto).qs


def test_suggestions_begin_with_the_words_or_hold_them(rows: Three, olga: User) -> None:
    assert suggestions("obligor", olga, "goo") == ["Google"]
    assert suggestions("obligor", olga, "fb") == ["Facebook"]
    assert suggestions("obligor", olga, "o") == []
    assert suggestions("obligor", olga, "\0") == []
    assert suggestions("beneficiary", olga, "states") == ["Member States"]
    assert suggestions("document", olga, "of") == ["Flash report of March", "Letter of June"]
    assert suggestions("topic", olga, "trans") == ["Transparency"]
    assert suggestions("owner", olga, "ot") == ["Otto"]


TOKENS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["live", "none", "me", "overdue", "2021", "../2021", "999999999999999999"]),
)
PAIRS = st.lists(st.tuples(st.sampled_from(FILTERS), TOKENS), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=PAIRS)
def test_whatever_is_asked_is_answered_or_refused_in_a_sentence(
    pairs: list[tuple[str, str]], rows: Three, olga: User
) -> None:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    filters = asked(query, olga)
    found = list(filters.qs)
    assert found == [] or not filters.errors
    assert len({row.pk for row in found}) == len(found)
    for sentences in filters.errors.values():
        assert all(str(sentence).endswith(".") for sentence in sentences)
