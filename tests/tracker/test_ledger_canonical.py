"""The one text of a value."""

import json
import unicodedata
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from tracker.ledger.canonical import canonical, digest
from tracker.ledger.chain import body_text, to_the_millisecond, written_at
from tracker.ledger.snapshots import plain, snapshot

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | WORDS


def nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    return value


def mappings(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mappings whose keys stay apart once composed."""
    pairs = st.tuples(WORDS, inner)
    return st.lists(pairs, unique_by=lambda pair: nfc(pair[0])).map(dict)


VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | mappings(inner), max_leaves=20)


def shuffled(value: Any, data: st.DataObject) -> Any:
    if isinstance(value, dict):
        keys = data.draw(st.permutations(list(value)))
        return {key: shuffled(value[key], data) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, data) for item in value]
    return value


@given(VALUES, st.data())
def test_the_text_is_the_same_whatever_the_order_of_keys(value: Any, data: st.DataObject) -> None:
    assert canonical(shuffled(value, data)) == canonical(value)


@given(VALUES)
def test_the_text_is_the_same_however_letters_are_composed(value: Any) -> None:
    def taken_apart(part: Any) -> Any:
        if isinstance(part, dict):
            return {taken_apart(key): taken_apart(item) for key, item in part.items()}
        if isinstance(part, list):
            return [taken_apart(item) for item in part]
        return unicodedata.normalize("NFD", part) if isinstance(part, str) else part

    assert canonical(taken_apart(value)) == canonical(value)
    assert unicodedata.is_normalized("NFC", canonical(value))


@given(VALUES)
def test_the_text_reads_back_as_the_composed_value(value: Any) -> None:
    assert json.loads(canonical(value)) == nfc(value)
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(VALUES)
def test_the_standard_library_writes_the_same_text(value: Any) -> None:
    plainly = json.dumps(nfc(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == plainly


def test_the_text_of_a_known_value_never_changes() -> None:
    text = canonical({"b": [1, True, None, "é"], "a": {"z": "“ ”\n", "": -0}, "e\u0301": ()})
    assert text == '{"a":{"":0,"z":"“ ”\\n"},"b":[1,true,null,"é"],"é":[]}'
    assert digest(text) == "0763503406ff3cf343032708fa3b72f574a437b6c7e489d1225d34b38fc0f984"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (0.5, "the value: a float"),
        ({"a": [{"b": 0.5}]}, r"a\[0\]\.b: a float"),
        ({"a": {1: "one"}}, r"a\.1: a key must be text"),
        ({"due": date(2026, 1, 1)}, "due: a date"),
        ({"amount": Decimal("1.5")}, "amount: a Decimal"),
        ([{1, 2}], r"\[0\]: a set"),
    ],
)
def test_what_has_no_one_text_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(TypeError, match=place):
        canonical(value)


def test_half_a_character_and_twin_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="a: half a character"):
        canonical({"a": "\ud800"})
    with pytest.raises(ValueError, match="two keys are the same"):
        canonical({"é": 1, "e\u0301": 2})


def test_instants_are_kept_to_the_millisecond_in_utc() -> None:
    brussels = timezone(timedelta(hours=2))
    at = datetime(2026, 7, 1, 0, 30, 0, 999_999, tzinfo=brussels)
    assert to_the_millisecond(at) == datetime(2026, 6, 30, 22, 30, 0, 999_000, tzinfo=UTC)
    assert written_at(at.replace(microsecond=0)) == "2026-06-30T22:30:00.000000+00:00"
    with pytest.raises(ValueError, match="zone"):
        to_the_millisecond(at.replace(tzinfo=None))


def test_a_body_names_extra_facts_only_when_there_are_some() -> None:
    assert json.loads(body_text("", {}, {})).keys() == {"note", "salt", "snapshot"}
    assert json.loads(body_text("", {}, {"redacted": [1]}))["extra"] == {"redacted": [1]}


def test_plain_values_stay_what_they_are() -> None:
    key = uuid.uuid4()
    assert plain({"t": time(9, 30), "d": timedelta(seconds=2), "u": key, "n": Decimal("1.50")}) == {
        "t": "09:30:00",
        "d": 2_000_000,
        "u": str(key),
        "n": "1.50",
    }
    assert plain(b"bytes").startswith("sha256:")


@isolate_apps("tests")
def test_decimals_have_their_columns_places_and_files_their_names() -> None:
    class Grant(models.Model):
        amount = models.DecimalField(max_digits=9, decimal_places=2)
        letter = models.FileField()
        facts = models.JSONField(default=list)

        class Meta:
            app_label = "tests"

        def __str__(self) -> str:
            return "a grant"

    grant = Grant(amount=Decimal("1.5"), letter="letters/1.pdf", facts=[("a", 1)])
    assert snapshot(grant) == {
        "id": None,
        "amount": "1.50",
        "letter": "letters/1.pdf",
        "facts": [["a", 1]],
    }
    grant.facts = [0.5]
    with pytest.raises(TypeError, match=r"facts\[0\]: a float"):
        canonical(snapshot(grant))
