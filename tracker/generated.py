"""The parts of README.md and docs/ that are read from the code, so that they cannot grow stale.

Such a part stands between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`. The command
`manage.py workflow_diagram --write` writes them anew; a test fails while one of them is not what
the code says.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from commitments.models import Anchor, Audience
from commitments.reminding.rules import DEFAULTS
from commitments.workflow import State, drawing
from tracker import roles

PAGES = ("README.md", "docs/*.md")
BLOCK = re.compile(r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
LOCKED = re.compile(r"^([\w.-]+)(?:\[([\w,-]+)\])?[<>=!~][^#]*#\s*(.+)$", re.MULTILINE)


def filled(page: str) -> str:
    """The page with every generated part as the code has it now; raises KeyError for one unknown.

    A page without such parts comes back as it is.
    """
    return BLOCK.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n\n{found[3]}", page)


def pages() -> Iterator[Path]:
    """README.md and the pages under docs/, as far as they are there."""
    for pattern in PAGES:
        yield from sorted(Path(settings.BASE_DIR).glob(pattern))


def workflow_diagram() -> str:
    """The state diagram, fenced for Markdown."""
    return f"```mermaid\n{drawing.diagram()}\n```"


def moves() -> str:
    """The table of moves with the groups that may make each."""
    return drawing.moves_table(holders())


def holders() -> dict[str, str]:
    """Who holds each permission out of the box: "staff, administrator"."""
    found: dict[str, list[str]] = {}
    for role, names in roles.ROLES.items():
        for label, codename in roles.expand(names):
            found.setdefault(f"{label}.{codename}", []).append(role)
    return {permission: ", ".join(groups) for permission, groups in found.items()}


def reminder_rules() -> str:
    """The rules a new installation starts with."""
    rows = [
        (
            f"{rule['name']} (`{rule['code']}`)",
            _counts_from(rule),
            _days(rule),
            Audience(rule["audience"]).label,
            _states(rule),
            "at once" if rule.get("immediate") else "in the digest",
        )
        for rule in DEFAULTS
    ]
    heads = ("rule", "counts from", "when", "tells", "states", "mail")
    return drawing.markdown_table(heads, rows)


def _counts_from(rule: dict[str, Any]) -> str:
    return "–" if rule["anchor"] == Anchor.AT_ONCE else str(Anchor(rule["anchor"]).label)


def _states(rule: dict[str, Any]) -> str:
    if rule["anchor"] == Anchor.AT_ONCE:
        return "any"
    return ", ".join(State(state).label for state in rule.get("states", [])) or "any live one"


def _days(rule: dict[str, Any]) -> str:
    if rule["anchor"] == Anchor.AT_ONCE:
        return "when it happens"
    offset: int = rule.get("offset_days", 0)
    when = f"{abs(offset)} days {'before' if offset < 0 else 'after'}" if offset else "that day"
    if rule.get("repeat_every"):
        when += f", then every {rule['repeat_every']} days, {rule['repeat_times']} times at most"
    return when


def dependencies() -> str:
    """What runs in production and why, from requirements.in."""
    return _required("requirements.in")


def tools() -> str:
    """What only the tests need and why, from requirements-dev.in."""
    return _required("requirements-dev.in")


def _required(name: str) -> str:
    lines = (Path(settings.BASE_DIR) / name).read_text(encoding="utf-8")
    rows = [(f"`{found[1]}`", found[3].strip()) for found in LOCKED.finditer(lines)]
    return drawing.markdown_table(("package", "why"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "workflow-diagram": workflow_diagram,
    "states": drawing.states_table,
    "moves": moves,
    "verdicts": drawing.verdicts_table,
    "reminder-rules": reminder_rules,
    "dependencies": dependencies,
    "tools": tools,
}
