"""The three records load whole, once, and what people did since survives a second load."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.text import slugify

from commitments import actions
from commitments.models import Commitment, Link, Party, PartyKind, Topic
from commitments.models.party import fold
from documents.models import Document, Passage
from tests.making import moved
from tracker.ledger.models import Event
from tracker.ledger.verifying import verify
from tracker.users.models import User

pytestmark = pytest.mark.django_db
SEEDS = Path(settings.BASE_DIR) / "seeds"
DATA = json.loads((SEEDS / "commitments.json").read_text(encoding="utf-8"))


def load(folder: Path = SEEDS) -> str:
    out = StringIO()
    call_command("load_records", str(folder), stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def loaded(db: None) -> str:
    return load()


def rows_of(entry: dict[str, Any]) -> list[Commitment]:
    keys = [f"{entry['id']}/{slugify(name)}" for name in entry["obligors"]]
    return [Commitment.objects.get(import_key=key) for key in keys]


def test_everything_in_the_file_is_loaded_and_a_second_run_writes_nothing(
    loaded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    events = Event.objects.count()
    second = load()
    with capsys.disabled():
        print(f"\nload_records: {loaded} Again: {second}")
    assert "41 commitments" in loaded
    assert "3 documents" in loaded
    assert second == "Nothing to do: everything is loaded already."
    assert Event.objects.count() == events
    assert Commitment.objects.count() == sum(len(c["obligors"]) for c in DATA["commitments"]) == 41


def test_every_quote_stands_verbatim_at_its_span(
    loaded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    verbatim = 0
    for entry in DATA["commitments"]:
        for row in rows_of(entry):
            passage = row.citations.get(role="origin").passage
            assert passage is not None
            placement = passage.placements.get()
            text = placement.text.text
            assert passage.quote == " ".join(entry["quote"].split())
            assert text[placement.start : placement.end] == passage.quote
            assert placement.exact
            verbatim += 1
    with capsys.disabled():
        print(f"\ngold quotes verbatim at their span: {verbatim} of 41")
    assert Passage.objects.count() == len(DATA["commitments"]) == 35


Check = Callable[[Any, Any], bool]


def said(stored: Any, value: Any) -> bool:
    """Null in the file is empty in the register."""
    return bool(stored == ("" if value is None else value))


DOCUMENT: dict[str, Check] = {
    "document": lambda d, v: d.import_key == v and d.original.file_name == v,
    "title": lambda d, v: said(d.title, v),
    "kind": lambda d, v: d.get_kind_display().lower() == v,
    "dated": lambda d, v: said(d.dated, v),
    "about": lambda d, v: said(d.about, v),
    "reference": lambda d, v: said(d.reference, v),
    "language": lambda d, v: said(d.language, v),
    "participants": lambda d, v: d.participants == v,
    "note": lambda d, v: said(d.note, v),
    "released_on": lambda d, v: d.released_on == date.fromisoformat(v),
}
PARTY: dict[str, Check] = {
    "name": lambda p, v: p.name == v and p.import_key == v,
    "kind": lambda p, v: p.kind == v,
    "parent": lambda p, v: p.parent.name == v,
    "holder": lambda p, v: p.holder == v,
    "note": lambda p, v: p.note == v,
    "members": lambda p, v: sorted(m.name for m in p.members.all()) == sorted(v),
    "members_complete": lambda p, v: p.members_complete == v,
    "aliases": lambda p, v: (
        {(a.words, a.document.import_key if a.document else None) for a in p.aliases.all()}
        == {(a["words"], a.get("document")) for a in v if known(a, v)}
    ),
}
COMMITMENT: dict[str, Check] = {
    "id": lambda c, v: c.import_key.startswith(f"{v}/"),
    "document": lambda c, v: c.citations.get(role="origin").document.import_key == v,
    "quote": lambda c, v: c.citations.get(role="origin").passage.quote == " ".join(v.split()),
    "obligors": lambda c, v: c.obligor.name in v,
    "titles": lambda c, v: c.title == v[c.obligor.name],
    "on_behalf_of": lambda c, v: (c.on_behalf_of.name if c.on_behalf_of else None) == v,
    "beneficiaries": lambda c, v: sorted(p.name for p in c.beneficiaries.all()) == sorted(v),
    "kind": lambda c, v: c.kind == v,
    "strength": lambda c, v: c.strength == v,
    "strength_words": lambda c, v: c.strength_words == v,
    "made_on": lambda c, v: c.made_on == v,
    "due_text": lambda c, v: said(c.due_text, v),
    "due_edtf": lambda c, v: said(c.due_edtf, v),
    "due_basis": lambda c, v: said(c.due_basis, v),
    "due_read_by": lambda c, v: said(c.due_read_by, v),
    "condition": lambda c, v: said(c.condition, v),
    "topic": lambda c, v: [t.name for t in c.topics.all()] == [v],
    "success_criteria": lambda c, v: c.success_criteria == v,
    "state": lambda c, v: c.state == v,
    "reader_confidence": lambda c, v: c.confidence == Decimal(str(v)),
    "links": lambda c, v: (
        {
            (k, t.partition("/")[0])
            for k, t in c.links_from.values_list("kind", "target__import_key")
        }
        == {(one["kind"], one["to"]) for one in v}
    ),
    "note": lambda c, v: said(c.note, v),
}


def known(alias: dict[str, Any], aliases: list[dict[str, Any]]) -> bool:
    """Whether this alias is kept: of two that only case or accents part, the last one is."""
    same = [a for a in aliases if alike(a) == alike(alias)]
    return same[-1] is alias


def alike(alias: dict[str, Any]) -> tuple[str, Any]:
    return fold(alias["words"]), alias.get("document")


def test_no_key_of_the_file_is_dropped(loaded: str) -> None:
    for entry in DATA["documents"]:
        walk(DOCUMENT, entry, Document.objects.get(import_key=entry["document"]))
    for entry in DATA["parties"]:
        walk(PARTY, entry, Party.objects.get(import_key=entry["name"]))
    for entry in DATA["commitments"]:
        for row in rows_of(entry):
            walk(COMMITMENT, entry, row)
    assert set(DATA) == {"about", "documents", "parties", "commitments"}


def walk(checks: dict[str, Check], entry: dict[str, Any], row: Any) -> None:
    """Every key of the entry is understood, and stands in the row."""
    for key, value in entry.items():
        assert checks[key](row, value), f"{row}: {key} is not {value!r}"


def test_parties_are_known_by_their_names_in_the_records(loaded: str) -> None:
    for words, name in (
        ("FB", "Facebook"),
        ("COM", "European Commission"),
        ("MS", "Member States"),
    ):
        assert Party.objects.get(aliases__folded=fold(words)).name == name
    just = Party.objects.get(name="DG JUST")
    assert just.parent is not None
    assert just.parent.name == "European Commission"
    assert Party.objects.filter(kind=PartyKind.GROUP, members_complete=True).count() == 1


def test_the_age_check_of_2022_restates_that_of_2021(loaded: str) -> None:
    link = Link.objects.get(kind="restates")
    assert (link.source.import_key, link.target.import_key) == ("G25/tiktok", "G33/tiktok")


def test_the_commitments_of_tiktok_are_long_overdue(loaded: str) -> None:
    row = Commitment.objects.get(import_key="G28/tiktok")
    assert row.overdue(date(2022, 3, 29))
    assert not row.overdue(date(2021, 9, 30))
    assert row in Commitment.objects.overdue(date(2022, 3, 29))


def test_what_a_reader_took_from_a_heading_is_not_overdue_until_confirmed(
    loaded: str, olga: User
) -> None:
    row = Commitment.objects.get(import_key="G04/facebook")
    assert row.due_on == date(2019, 5, 26)
    assert not row.overdue(date(2026, 11, 23))
    row = actions.confirm_reading(row, actor=olga, expected_version=row.version)
    assert row.overdue(date(2026, 11, 23))


def test_what_the_record_says_is_done_stands_as_reported_and_unjudged(loaded: str) -> None:
    rows = Commitment.objects.filter(import_key__startswith="G08/")
    assert {(row.state, row.verdict, row.reported_effective) for row in rows} == {
        ("reported", "", "../2019-03-04")
    }


def test_edits_merges_and_dismissals_survive_a_second_load(
    loaded: str, olga: User, ada: User
) -> None:
    edited = Commitment.objects.get(import_key="G01/european-commission")
    edited = actions.edit(
        edited, actor=olga, expected_version=edited.version, changes={"title": "In our words"}
    )
    dismissed = Commitment.objects.get(
        import_key="G06/online-platforms-at-the-meeting-of-4-march-2019"
    )
    moved(dismissed, "dismiss", olga, dismissed_as="not_a_commitment", reason="Relayed only")
    merged = Commitment.objects.get(import_key="G33/tiktok")
    survivor = Commitment.objects.get(import_key="G25/tiktok")
    moved(merged, "merge", ada, survivor=survivor)
    twitter = Party.objects.get(name="Twitter")
    google = Party.objects.get(name="Google")
    actions.merge_parties(twitter, actor=ada, into=google, reason="For the test")
    events = Event.objects.count()
    assert load() == "Nothing to do: everything is loaded already."
    assert Event.objects.count() == events
    for row in (edited, dismissed, merged):
        row.refresh_from_db()
    assert edited.title == "In our words"
    assert (dismissed.state, merged.state, merged.merged_into) == (
        "dismissed",
        "dismissed",
        survivor,
    )


def test_redacted_names_stay_redacted(loaded: str) -> None:
    text = Document.objects.get(import_key__startswith="000").current_text()
    assert text is not None
    assert text.text.count("[REDACTED]") == 3
    assert "MOOZOVA Irena (JUST)" in text.text


def test_the_history_of_the_load_verifies(loaded: str) -> None:
    assert list(verify()) == []
    assert set(Event.objects.values_list("actor__username", flat=True)) == {"tracker"}
    assert Topic.objects.count() == len({c["topic"] for c in DATA["commitments"]})


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "an unknown key": (lambda d: d["commitments"][0].update(mood="grim"), "G01.*“mood”"),
    "a quote that is not there": (lambda d: d["commitments"][3].update(quote="Not said"), "G04"),
    "an obligor nobody listed": (lambda d: d["commitments"][3].update(obligors=["Y"]), "G04.*“Y”"),
    "a state it cannot be brought to": (
        lambda d: d["commitments"][3].update(state="closed"),
        "G04",
    ),
    "a file that is not there": (lambda d: d["documents"][0].update(document="x.txt"), "x.txt"),
    "a file outside the folder": (
        lambda d: d["documents"][0].update(document="../x.txt"),
        "not in the folder",
    ),
    "a link to nowhere": (
        lambda d: d["commitments"][3].update(links=[{"kind": "part of", "to": "G99"}]),
        "G04.*G99",
    ),
    "no list of parties": (lambda d: d.pop("parties"), "no list of parties"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_named_and_nothing_is_loaded(fault: str, tmp_path: Path) -> None:
    for path in SEEDS.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    data = json.loads(json.dumps(DATA))
    spoil, sentence = FAULTS[fault]
    spoil(data)
    (tmp_path / "commitments.json").write_text(json.dumps(data))
    with pytest.raises(CommandError, match=sentence):
        load(tmp_path)
    assert not Commitment.objects.exists()
    assert not Document.objects.exists()


def test_a_folder_without_the_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no commitments\.json"):
        load(tmp_path)
    (tmp_path / "commitments.json").write_text("{")
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path)
