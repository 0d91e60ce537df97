"""Load a folder of records with what a careful reader found in them.

The folder holds `commitments.json` and the files it names. Everything goes through the actions, as
the account "Tracker". Rows are found again by their import key and never changed by a later load,
so that edits, merges and dismissals made in between survive.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from commitments import actions
from commitments.models import CitationRole, Commitment, Party, Topic
from commitments.models.party import fold
from commitments.workflow import State
from documents.actions import file_document, mark_passage
from documents.models import Document, Passage
from tracker import clock
from tracker.ledger.writing import transaction
from tracker.refusals import Refused
from tracker.users.models import User

Entry = Mapping[str, Any]
# A commitment without a latest day is looked at again after this many days.
REVIEW_AFTER = 30
# What the file may say; a key that is not here stops the load, so that nothing is dropped.
KNOWN = {
    "file": {"about", "documents", "parties", "commitments"},
    "document": {
        "document",
        "title",
        "kind",
        "dated",
        "about",
        "reference",
        "released_on",
        "language",
        "participants",
        "note",
    },
    "party": {
        "name",
        "kind",
        "aliases",
        "parent",
        "holder",
        "members",
        "members_complete",
        "note",
        "contact_email",
    },
    "alias": {"words", "document"},
    "commitment": {
        "id",
        "document",
        "quote",
        "obligors",
        "titles",
        "on_behalf_of",
        "beneficiaries",
        "kind",
        "strength",
        "strength_words",
        "made_on",
        "due_text",
        "due_edtf",
        "due_basis",
        "due_read_by",
        "condition",
        "topic",
        "success_criteria",
        "state",
        "reader_confidence",
        "links",
        "note",
    },
    "link": {"kind", "to"},
}


class BadRecords(Exception):
    """The folder cannot be loaded; the sentence says which entry is at fault."""


@dataclass
class Load:
    """One load: who does it, where from, and what was written."""

    actor: User
    folder: Path
    written: Counter[str] = field(default_factory=Counter)
    documents: dict[str, Document] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    entries: dict[str, list[Commitment]] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)


def load_records(folder: Path, actor: User) -> Counter[str]:
    """Load everything or nothing; how many rows of each kind were written.

    Raises BadRecords with a sentence that names the file or the entry.
    """
    data = _read(folder)
    load = Load(actor, folder)
    with transaction():
        for entry in data["documents"]:
            _document(load, entry)
        _parties(load, data["parties"])
        for entry in data["commitments"]:
            _each_obligor(load, entry)
        for entry in data["commitments"]:
            _links(load, entry)
    return load.written


def _read(folder: Path) -> dict[str, Any]:
    path = folder / "commitments.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadRecords(f"There is no {path.name} in {folder}.") from error
    except (OSError, ValueError) as error:
        raise BadRecords(f"{path.name} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise BadRecords(f"{path.name} must hold documents, parties and commitments.")
    _check_keys("file", data, path.name)
    for kind, plural in (("document", "documents"), ("party", "parties")):
        _check_all(kind, data.get(plural), plural)
    _check_all("commitment", data.get("commitments"), "commitments")
    return data


def _check_all(kind: str, entries: Any, plural: str) -> None:
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise BadRecords(f"commitments.json has no list of {plural}.")
    for entry in entries:
        name = str(entry.get("id") or entry.get("name") or entry.get("document"))
        _check_keys(kind, entry, name)
        for alias in entry.get("aliases") or []:
            _check_keys("alias", alias, name)
        for link in entry.get("links") or []:
            _check_keys("link", link, name)


def _check_keys(kind: str, entry: Entry, name: str) -> None:
    unknown = sorted(set(entry) - KNOWN[kind])
    if unknown:
        raise BadRecords(f"{name}: nobody knows what “{unknown[0]}” means in a {kind}.")


def _document(load: Load, entry: Entry) -> None:
    """File one record, unless it is there already."""
    name = entry["document"]
    known = Document.objects.filter(import_key=name).first()
    if known is None:
        known = _file(load, name, entry)
        load.written["documents"] += 1
    load.documents[name] = known


def _file(load: Load, name: str, entry: Entry) -> Document:
    path = load.folder / name
    if path.parent != load.folder or not path.is_file():
        raise BadRecords(f"{name} is named in commitments.json and not in the folder.")
    released = entry.get("released_on")
    try:
        return file_document(
            actor=load.actor,
            data=path.read_bytes(),
            file_name=name,
            title=entry["title"],
            kind=str(entry["kind"]).replace(" ", "_"),
            reference=entry.get("reference") or "",
            dated=entry.get("dated") or "",
            about=entry.get("about") or "",
            released_on=date.fromisoformat(released) if released else None,
            language=entry.get("language") or "",
            participants=entry.get("participants") or (),
            note=entry.get("note") or "",
            import_key=name,
        )
    except (Refused, KeyError, ValueError) as error:
        raise BadRecords(f"{name}: {error}") from error


def _parties(load: Load, entries: Iterable[Entry]) -> None:
    """Enter the parties, then what ties them to each other and to the words of the records."""
    fresh = [entry for entry in entries if not _known_party(load, entry["name"])]
    for entry in fresh:
        values = {name: entry.get(name) or "" for name in ("holder", "note", "contact_email")}
        values |= {"name": entry["name"], "kind": entry["kind"], "import_key": entry["name"]}
        values["members_complete"] = bool(entry.get("members_complete"))
        load.parties[entry["name"]] = _party(load, None, entry["name"], values)
        load.written["parties"] += 1
    for entry in fresh:
        _ties(load, entry)


def _known_party(load: Load, name: str) -> bool:
    party = Party.objects.filter(import_key=name).first()
    while party is not None and party.merged_into is not None:
        party = party.merged_into
    if party is not None:
        load.parties[name] = party
    return party is not None


def _party(load: Load, party: Party | None, name: str, values: Entry, **more: Any) -> Party:
    try:
        return actions.save_party(party, actor=load.actor, values=values, **more)
    except Refused as error:
        raise BadRecords(f"{name}: {error}") from error


def _ties(load: Load, entry: Entry) -> None:
    """Parent, members and aliases; a party without any needs no second event."""
    values: dict[str, Any] = {}
    if entry.get("parent"):
        values["parent"] = _named(load, entry["parent"], entry["name"])
    if entry.get("members"):
        values["members"] = [_named(load, name, entry["name"]) for name in entry["members"]]
    aliases = [_alias(load, alias, entry["name"]) for alias in entry.get("aliases") or []]
    if values or aliases:
        party = load.parties[entry["name"]]
        _party(load, party, entry["name"], values, aliases=aliases)
        load.written["aliases"] += len({(fold(words), doc) for words, doc in aliases})


def _alias(load: Load, alias: Entry, name: str) -> tuple[str, Document | None]:
    document = alias.get("document")
    if document and document not in load.documents:
        raise BadRecords(f"{name}: the alias names {document}, which is not listed.")
    return alias["words"], load.documents[document] if document else None


def _named(load: Load, name: str, entry: str) -> Party:
    if name not in load.parties:
        raise BadRecords(f"{entry}: there is no party called “{name}”.")
    return load.parties[name]


def _each_obligor(load: Load, entry: Entry) -> None:
    """One commitment per obligor, all on the same passage."""
    rows = []
    for name in entry["obligors"]:
        obligor = _named(load, name, entry["id"])
        key = f"{entry['id']}/{slugify(name)}"
        row = Commitment.objects.filter(import_key=key).first()
        rows.append(row or _commitment(load, entry, obligor, entry["titles"][name], key))
    load.entries[entry["id"]] = rows


def _commitment(
    load: Load, entry: Entry, obligor: Party, title: str, import_key: str
) -> Commitment:
    try:
        document = load.documents[entry["document"]]
        before = Passage.objects.count()
        passage = mark_passage(document, actor=load.actor, quote=entry["quote"])
        load.written["passages"] += Passage.objects.count() - before
        row = actions.capture(
            actor=load.actor,
            title=title,
            document=document,
            passage=passage,
            values={**_values(load, entry), "obligor": obligor, "import_key": import_key},
        )
        row = _bring_to_state(load, row, entry)
    except (Refused, KeyError, ValueError) as error:
        raise BadRecords(f"{entry['id']}: {error}") from error
    load.written["commitments"] += 1
    load.new.add(row.pk)
    return row


def _values(load: Load, entry: Entry) -> dict[str, Any]:
    behalf = entry.get("on_behalf_of")
    texts = ("strength", "strength_words", "made_on", "condition", "success_criteria", "note")
    deadline = ("due_text", "due_edtf", "due_basis", "due_read_by")
    confidence = entry.get("reader_confidence")
    return {name: entry.get(name) or "" for name in (*texts, *deadline)} | {
        "kind": entry["kind"],
        "on_behalf_of": _named(load, behalf, entry["id"]) if behalf else None,
        "beneficiaries": [_named(load, name, entry["id"]) for name in entry["beneficiaries"]],
        "topics": [_topic(load, entry["topic"])] if entry.get("topic") else [],
        "confidence": None if confidence is None else Decimal(str(confidence)),
    }


def _topic(load: Load, name: str) -> Topic:
    known = Topic.objects.filter(name=name).first()
    if known is None:
        known = actions.save_topic(None, actor=load.actor, values={"name": name})
        load.written["topics"] += 1
    return known


def _bring_to_state(load: Load, row: Commitment, entry: Entry) -> Commitment:
    """Confirm what a reader was sure of; what the record says is done is also reported."""
    if entry["state"] == State.CANDIDATE:
        return row
    if entry["state"] not in (State.OPEN, State.REPORTED):
        raise BadRecords(f"{entry['id']}: a load cannot bring anything to “{entry['state']}”.")
    row = actions.transition(
        row,
        "confirm",
        actor=load.actor,
        expected_version=row.version,
        data={
            "obligor": row.obligor,
            "kind": row.kind,
            "due_text": row.due_text or "none stated",
            "due_edtf": row.due_edtf,
            "success_criteria": row.success_criteria,
            "review_on": clock.today() + timedelta(days=REVIEW_AFTER),
        },
    )
    return _report(load, row, entry) if entry["state"] == State.REPORTED else row


def _report(load: Load, row: Commitment, entry: Entry) -> Commitment:
    """The record itself states that it is done: by the day it was said, at the latest."""
    origin = row.citations.get(role=CitationRole.ORIGIN)
    return actions.transition(
        row,
        "report",
        actor=load.actor,
        expected_version=row.version,
        data={
            "evidence": f"citation:{origin.pk}",
            "effective": f"../{entry['made_on']}",
            "note": "The record itself states that it is done; still to be verified.",
        },
    )


def _links(load: Load, entry: Entry) -> None:
    """Tie what was newly written: to the same obligor's part where there is one, else to all."""
    for row in load.entries[entry["id"]]:
        if row.pk not in load.new:
            continue
        for link in entry.get("links") or []:
            for target in _targets(load, entry, row, link["to"]):
                actions.link(row, actor=load.actor, target=target, kind=link["kind"])
                load.written["links"] += 1


def _targets(load: Load, entry: Entry, row: Commitment, name: str) -> list[Commitment]:
    if name not in load.entries:
        raise BadRecords(f"{entry['id']}: it links to {name}, which is not listed.")
    same = [one for one in load.entries[name] if one.obligor_id == row.obligor_id]
    return same or load.entries[name]
