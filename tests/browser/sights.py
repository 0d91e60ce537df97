"""Every page in each of its states: who looks, where, and what the server answers.

An address names things by `{…}`, see scenes.py. A page in error is one whose form was sent emptied,
or sent for a version that has passed, or an address that cannot be served.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sight:
    """One page in one state; `send` is how its form is sent: "", "emptied", "spoilt" or "stale"."""

    page: str
    state: str
    who: str
    address: str
    status: int = 200
    send: str = ""

    def __str__(self) -> str:
        return f"{self.page}-{self.state}"


def filled(page: str, who: str, address: str) -> Sight:
    """A page with what belongs on it."""
    return Sight(page, "filled", who, address)


def empty(page: str, who: str, address: str) -> Sight:
    """A page with nothing to show."""
    return Sight(page, "empty", who, address)


def wrong(page: str, who: str, address: str, status: int = 422, send: str = "emptied") -> Sight:
    """A page that says what is wrong."""
    return Sight(page, "error", who, address, status, send)


def form(page: str, who: str, address: str) -> list[Sight]:
    """A page with a form: as it comes, and sent with nothing in it."""
    return [filled(page, who, address), wrong(page, who, address)]


MOVES = (
    ("confirm", "olga", "candidate"),
    ("report", "olga", "overdue"),
    ("wait", "olga", "overdue"),
    ("dismiss", "olga", "overdue"),
    ("restore", "olga", "dismissed"),
    ("send_back", "amir", "reported"),
    ("close", "amir", "reported"),
    ("close_without_delivery", "amir", "overdue"),
    ("confirm_period", "amir", "practice"),
    ("reopen", "amir", "closed"),
    ("void", "ada", "overdue"),
    ("merge", "ada", "overdue"),
)
CHANGES = ("edit", "note", "link", "split", "reschedule", "cite")

# Before any record is loaded
IN_AN_EMPTY_OFFICE = [
    empty("sign-in", "", "/sign-in/"),
    empty("inbox of staff", "olga", "/follow-ups/"),
    empty("inbox of an auditor", "amir", "/follow-ups/"),
    empty("inbox of an administrator", "ada", "/follow-ups/"),
    empty("inbox without a role", "nils", "/follow-ups/"),
    empty("register", "olga", "/register/"),
    empty("candidates", "olga", "/register/?state=candidate"),
    empty("documents", "olga", "/documents/"),
    empty("outbox", "ada", "/outbox/"),
    empty("letter to log", "olga", "/letters/new/"),
    empty("admin", "ada", "/admin/"),
]

THE_DOOR = [
    filled("sign-in to go on", "", "/register/"),
    wrong("sign-in", "", "/sign-in/"),
    filled("account", "olga", "/account/"),
    wrong("account", "olga", "/account/", 422, "spoilt"),
    *form("password", "olga", "/account/password/"),
    filled("glossary", "olga", "/glossary/"),
    filled("outbox", "ada", "/outbox/"),
    filled("mail", "ada", "/outbox/{mail}/"),
    wrong("outbox", "olga", "/outbox/", 403, ""),
]
LISTS = [
    filled("inbox of staff", "olga", "/follow-ups/"),
    filled("inbox of an auditor", "amir", "/follow-ups/"),
    filled("inbox of an administrator", "ada", "/follow-ups/"),
    filled("register", "olga", "/register/"),
    filled("register filtered", "olga", "/register/?state=live&due=overdue&sort=-due&counts=1"),
    filled("candidates", "olga", "/register/?state=candidate"),
    empty("register without a match", "olga", "/register/?q=zebra"),
    wrong("register", "olga", "/register/?due_from=x&owner=Zoe&page=x&sort=y", 422, ""),
    filled("documents", "olga", "/documents/"),
    empty("documents without a match", "olga", "/documents/?q=zebra"),
    wrong("documents", "olga", "/documents/?page=99&kind=x", 200, ""),
]
READING = [
    filled("reader", "olga", "/documents/{document}/"),
    filled("reader with words found", "amir", "/documents/{document}/?find=TikTok"),
    filled("reader with words chosen", "olga", "/documents/{document}/?start=10000&end=10100"),
    empty("reader without marks", "olga", "/documents/{plain}/"),
    empty("reader without a match", "olga", "/documents/{document}/?find=zebra"),
    filled("reader of the restricted", "olga", "/documents/{sealed}/"),
    wrong("reader of the withdrawn", "olga", "/documents/{gone}/", 200, ""),
    *form("new commitment", "olga", "/documents/{document}/new-commitment/?start=10000&end=10100"),
    *form("cite for", "olga", "/documents/{document}/cite/?start=10000&end=10100"),
    wrong("new commitment", "nils", "/documents/{document}/new-commitment/", 403, ""),
]
COMMITMENTS = [
    *(
        filled(f"commitment {state}", who, f"/c/{{{state}}}/")
        for state, who in (
            ("overdue", "olga"),
            ("candidate", "olga"),
            ("reported", "amir"),
            ("closed", "amir"),
            ("dismissed", "ada"),
            ("waiting", "otto"),
            ("practice", "amir"),
            ("long", "olga"),
        )
    ),
    filled("commitment with what is withheld", "otto", "/c/{overdue}/"),
    empty("commitment", "olga", "/c/{bare}/"),
    *(
        sight
        for move, who, state in MOVES
        for sight in form(f"move {move}", who, f"/c/{{{state}}}/move/{move}/")
    ),
    *(
        sight
        for change in CHANGES
        for sight in form(f"change {change}", "olga", f"/c/{{overdue}}/{change}/")
    ),
    filled("change assign", "olga", "/c/{overdue}/assign/"),
    filled("change confirm-reading", "olga", "/c/{overdue}/confirm-reading/"),
    filled("change unlink", "olga", "/c/{linked}/links/{link}/unlink/"),
    *form("change withdraw", "olga", "/c/{overdue}/citations/{citation}/withdraw/"),
    *form("change correct", "amir", "/c/{closed}/correct/"),
    wrong("change edit twice", "olga", "/c/{long}/edit/", 409, "stale"),
    wrong("move made by the wrong one", "olga", "/c/{reported}/move/close/", 403, ""),
]
PARTIES = [
    filled("party", "olga", "/parties/{party}/"),
    empty("party", "olga", "/parties/{quiet_party}/"),
    *form("party to change", "olga", "/parties/{party}/edit/"),
    *form("party to enter", "olga", "/parties/new/"),
    filled("letter sent", "olga", "/letters/{letter}/"),
    filled("letter received", "olga", "/letters/{reply}/"),
    empty("letter", "olga", "/letters/{call}/"),
    *form("reply", "olga", "/letters/{letter}/reply/"),
    *form("letter to log", "olga", "/letters/new/?c={overdue}&c={long}"),
]
NOWHERE = [
    wrong("nowhere", "olga", "/nowhere/", 404, ""),
    wrong("nowhere for a stranger", "", "/nowhere/", 404, ""),
    wrong("broken", "olga", "/broken/", 500, ""),
    wrong("odd", "olga", "/odd/", 400, ""),
]
# What Django's own widgets in the forms of the admin site leave open, by axe's rules: the search
# boxes of select2, the two lists side by side, and the cells of a table of related rows.
DJANGOS_OWN = (
    "aria-input-field-name",
    "aria-prohibited-attr",
    "empty-table-header",
    "label:",
    "list:",
)
CURATED = [
    filled("admin", "ada", "/admin/"),
    *(
        filled(f"admin list of {name}", "ada", f"/admin/{path}/")
        for path in (
            "commitments/commitment",
            "commitments/party",
            "commitments/topic",
            "commitments/reminderrule",
            "commitments/followup",
            "commitments/citation",
            "commitments/link",
            "commitments/notice",
            "commitments/mail",
            "documents/document",
            "documents/passage",
            "ledger/event",
            "users/user",
            "users/office",
            "auth/group",
        )
        for name in (path.partition("/")[2],)
    ),
    *(
        sight
        for path in ("commitments/party", "documents/document", "users/user", "commitments/topic")
        for name in (f"admin new {path.partition('/')[2]}",)
        for sight in (
            filled(name, "ada", f"/admin/{path}/add/"),
            # Django answers so to a form that is not filled in.
            wrong(name, "ada", f"/admin/{path}/add/", 200),
        )
    ),
    filled("admin commitment", "ada", "/admin/commitments/commitment/1/change/"),
    filled("admin event", "ada", "/admin/ledger/event/1/change/"),
]
SIGHTS = [*THE_DOOR, *LISTS, *READING, *COMMITMENTS, *PARTIES, *NOWHERE, *CURATED]
