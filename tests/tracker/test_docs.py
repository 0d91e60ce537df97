"""README.md and docs/: what they name exists, and what the code can tell is told by the code."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as product
from django.core.management import call_command, get_commands, load_command_class

from commitments.deadlines import describe, read
from tests.tracker.test_architecture import FLOORS, GROUND
from tracker import generated

ROOT = Path(product.BASE_DIR)
PAGES = {path.relative_to(ROOT).as_posix(): path for path in generated.pages()}
WORDS = {name: path.read_text(encoding="utf-8") for name, path in PAGES.items()}
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
EVERY_PAGE = {
    "README.md",
    "docs/architecture.md",
    "docs/dependencies.md",
    "docs/deadlines.md",
    "docs/deploy.md",
    "docs/history.md",
    "docs/reminders.md",
    "docs/workflow.md",
}


def rows(page: str, *heads: str) -> list[list[str]]:
    """The rows of the tables with these heads."""
    found, lines = [], WORDS[page].splitlines()
    for number, line in enumerate(lines):
        if line == f"| {' | '.join(heads)} |":
            for row in lines[number + 2 :]:
                if not row.startswith("|"):
                    break
                found.append([cell.strip() for cell in row.strip("|").split(" | ")])
    return found


def test_every_page_is_there_and_is_linked_from_the_readme() -> None:
    assert set(PAGES) >= EVERY_PAGE
    for page in set(PAGES) - {"README.md"}:
        assert f"]({page})" in WORDS["README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_something_that_is_there(page: str) -> None:
    broken = []
    for link in LINK.findall(CODE.sub("", WORDS[page])):
        parts = urlsplit(link)
        target = PAGES[page].parent / parts.path if parts.path else PAGES[page]
        if parts.scheme:
            continue
        if not target.resolve().exists() or (
            parts.fragment and not heading(target, parts.fragment)
        ):
            broken.append(link)
    assert broken == []


def heading(target: Path, fragment: str) -> bool:
    """Whether the page has a heading that the fragment names, spelt as in addresses."""
    names = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-") for name in names}
    return fragment in slugs


# Files and folders named in the running text, as `tracker/clock.py`.
MADE_LATER = {"var/"}
FILE = re.compile(r"`((?:[a-z][\w.-]*/)+[\w.-]*|[\w-]+\.(?:py|yml|toml|in|tsv))`")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_named_in_the_text_is_there(page: str) -> None:
    known = {path.name for path in (ROOT / "commitments").rglob("*")}
    named = set(FILE.findall(WORDS[page])) - MADE_LATER - known
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


# Commands


def commands(page: str) -> Iterator[tuple[str, list[str]]]:
    """Every `manage.py X` with its options, as it is written in code."""
    for code in CODE.findall(WORDS[page]):
        for name, rest in re.findall(r"manage\.py ([a-z_]+)([^`\n#|>]*)", code):
            yield name, re.findall(r"--[a-z-]+", rest)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_is_one_with_these_options(page: str) -> None:
    known, wrong = get_commands(), []
    for name, options in commands(page):
        if name not in known:
            wrong.append(name)
            continue
        app = known[name]
        command = load_command_class(app, name) if isinstance(app, str) else app
        taken = command.create_parser("manage.py", name)._option_string_actions
        wrong += [f"{name} {option}" for option in options if option not in taken]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_every_program_of_the_tests_that_is_named_is_there(page: str) -> None:
    for module in re.findall(r"python -m (tests[\w.]*)", WORDS[page]):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


def test_commands_of_our_own_are_all_described() -> None:
    own = {
        name
        for name, app in get_commands().items()
        if app in ("tracker", "tracker.users", "tracker.ledger", "commitments", "documents")
    }
    # What ./start runs, and what it runs in turn.
    behind = {"demo", "demo_data", "load_records"}
    named = {name for page in PAGES for name, _ in commands(page)}
    assert own - behind <= named


# Settings


def read_from_the_environment() -> dict[str, ast.Call]:
    """Every variable that the product reads, with the call that reads it."""
    found: dict[str, ast.Call] = {}
    for path in (ROOT / "tracker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and re.fullmatch(r"env\.\w+", ast.unparse(node.func)):
                # Also inside a condition: `"" if DEMO else "EMAIL_URL"`.
                names = (i.value for i in ast.walk(node.args[0]) if isinstance(i, ast.Constant))
                found |= {name: node for name in names if isinstance(name, str) and name.isupper()}
    return found


def documented() -> dict[str, str]:
    """Variable → its default, as the table of settings has it."""
    return {
        name.strip("`"): default
        for name, default, _ in rows("docs/deploy.md", "variable", "default", "meaning")
    }


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    handed_on = set(re.findall(r"\$\{(\w+)", compose))
    assert set(documented()) == set(read_from_the_environment()) | handed_on


def test_the_defaults_are_those_of_the_code() -> None:
    told, wrong = documented(), []
    for name, call in read_from_the_environment().items():
        given: Any = call.args[1] if len(call.args) > 1 else None
        if isinstance(given, ast.Constant) and told[name] != f"`{ast.literal_eval(given)}`":
            wrong.append(name)
        if ast.unparse(call.func) == "env.flag" and not given and told[name] != "`false`":
            wrong.append(name)
    assert wrong == []


# What the code tells


@pytest.mark.parametrize("page", PAGES)
def test_the_generated_parts_are_what_the_code_gives(page: str) -> None:
    assert generated.filled(WORDS[page]) == WORDS[page], "run manage.py workflow_diagram --write"


def test_every_generated_part_is_used_and_every_mark_has_its_end() -> None:
    begun = re.findall(r"<!-- begin ([\w-]+) -->", "".join(WORDS.values()))
    ended = re.findall(r"<!-- end ([\w-]+) -->", "".join(WORDS.values()))
    assert begun == ended
    assert set(begun) == set(generated.PARTS)


def test_the_command_prints_the_diagram() -> None:
    said = io.StringIO()
    call_command("workflow_diagram", stdout=said)
    assert said.getvalue().startswith("stateDiagram-v2\n")


def test_the_command_renews_a_stale_part_and_leaves_the_rest(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    page = tmp_path / "README.md"
    page.write_text("Above\n<!-- begin states -->\nstale\n<!-- end states -->\nBelow\n", "utf-8")
    said = io.StringIO()
    call_command("workflow_diagram", "--write", stdout=said)
    call_command("workflow_diagram", "--write", stdout=said)
    words = page.read_text(encoding="utf-8")
    assert words.startswith("Above\n<!-- begin states -->\n\n| state |")
    assert words.endswith("|\n\n<!-- end states -->\nBelow\n")
    assert said.getvalue() == "Renewed README.md.\n", "the second time there is nothing to do"


def test_the_deadlines_shown_as_read_are_read_so() -> None:
    table = rows("docs/deadlines.md", "the record says", "made on", "reading", "shown as")
    assert len(table) > 20
    for words, made_on, edtf, shown in table:
        reading = read(words, made_on.strip("–"))
        assert (reading.status, f"`{reading.edtf}`") == ("read", edtf), words
        assert describe(words, reading.edtf) == shown


def test_the_deadlines_shown_as_not_read_are_not_read_for_that_reason() -> None:
    table = rows("docs/deadlines.md", "the record says", "made on", "status", "why")
    assert len(table) > 10
    for words, made_on, status, why in table:
        reading = read(words, made_on.strip("–"))
        assert (reading.status, reading.edtf) == (status, ""), words
        assert why in (reading.note, describe(words, ""))


def test_the_floors_are_those_the_house_rules_enforce() -> None:
    table = rows("docs/architecture.md", "floor", "modules")
    told = {floor: set(re.findall(r"`(\w+)`", modules)) for floor, modules in table}
    assert told == {floor: set(pattern.split("|")) for floor, pattern in FLOORS}
    assert [floor for floor, _ in table] == [floor for floor, _ in reversed(FLOORS)]


def test_the_ground_floor_in_the_picture_is_that_of_the_house_rules() -> None:
    drawn = re.findall(r'ground\["[^<]+<br/>([^"]+)"\]', WORDS["docs/architecture.md"])[0]
    assert set(drawn.split(", ")) == {module.removeprefix("tracker.") for module in GROUND}


# How it is written


HOSTS = re.compile(r"https?://([\w.-]+)")
AMERICAN = re.compile(
    r"\b(colors?|center(ed)?|behaviors?|licenses?|organiz\w+|recogniz\w+|normaliz\w+|catalogs?)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_open_and_no_machine_or_outside_host_is_named(page: str) -> None:
    assert not re.search(r"TODO|FIXME|TBD|lorem|coming soon", WORDS[page], re.IGNORECASE)
    assert not re.search(r"(?<![\w.])/(home|root|work|Users|mnt)/", WORDS[page])
    assert set(HOSTS.findall(WORDS[page])) <= {"127.0.0.1", "localhost", "tracker.example.eu"}


@pytest.mark.parametrize("page", PAGES)
def test_the_spelling_is_british(page: str) -> None:
    text = CODE.sub("", WORDS[page]).replace("[Apache License 2.0](LICENSE)", "")
    assert AMERICAN.search(text) is None
