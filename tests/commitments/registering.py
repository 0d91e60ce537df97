"""Three commitments that differ in everything a filter can ask for."""

from dataclasses import dataclass
from datetime import timedelta

from commitments import actions
from commitments.filters import SOURCES
from commitments.models import Commitment, Party, Topic
from commitments.workflow import Kind
from documents.models import Document
from tests.making import WORDS, a_document, a_party, in_state, moved, opened
from tracker import clock
from tracker.users.models import User

# Every filter the register knows by its name in the address.
PLAIN = ("q", "state", "verdict", "kind", "strength", "priority", "due", "stale")
FILTERS = (*PLAIN, "due_from", "due_to", *SOURCES)


@dataclass
class Three:
    """`repository` is open and due in a week, `labels` overdue and nobody's, `data` closed."""

    repository: Commitment
    labels: Commitment
    data: Commitment
    report: Document
    letter: Document

    def named(self, row: Commitment) -> str:
        """What a row is called in a test."""
        rows = {self.repository.pk: "repository", self.labels.pk: "labels", self.data.pk: "data"}
        return rows[row.pk]


def a_topic(name: str) -> Topic:
    """A topic, entered once."""
    return Topic.objects.get_or_create(name=name)[0]


def a_repository(olga: User, report: Document) -> Commitment:
    """Open, promised, owned by Olga, due on the last of the seven days ahead."""
    return opened(
        olga,
        document=report,
        owner=olga,
        due_text=f"by {clock.today() + timedelta(days=7):%d %B %Y}",
        title="Run a public repository",
        obligor=a_party(olga, "Facebook"),
        beneficiaries=[a_party(olga, "Voters", "group")],
        topics=[a_topic("Elections")],
        strength="firm",
        priority="high",
    )


def labels(olga: User, letter: Document) -> Commitment:
    """In progress, asked for, without an owner, overdue since 2021 and long untouched."""
    row = opened(
        olga,
        document=letter,
        kind=Kind.REQUEST,
        due_text="by 30 September 2021",
        title="Test labels with users",
        obligor=a_party(olga, "Google"),
        beneficiaries=[a_party(olga, "Member States", "government")],
        topics=[a_topic("Transparency")],
        strength="intended",
        priority="low",
    )
    moved(row, "start", olga)
    # A stamp outside the history: the day of the last activity.
    Commitment.objects.filter(pk=row.pk).update(active_on=clock.today() - timedelta(days=200))
    return Commitment.objects.get(pk=row.pk)


def migrated_data(olga: User, otto: User, amir: User, report: Document) -> Commitment:
    """Closed as delivered, a continuing practice, owned by Otto, without a date."""
    return in_state(
        "closed",
        olga,
        amir,
        document=report,
        owner=otto,
        kind=Kind.CONTINUING_PRACTICE,
        due_text="none stated",
        review_on=clock.today() + timedelta(days=60),
        title="Keep the data in Ireland",
        obligor=a_party(olga, "TikTok"),
        topics=[a_topic("Elections"), a_topic("Transparency")],
    )


def three(olga: User, otto: User, amir: User) -> Three:
    """All three, out of two documents."""
    report = a_document(olga, title="Flash report of March", reference="Ares(2019)123")
    letter = a_document(olga, f"A letter.\n\n{WORDS}", title="Letter of June")
    return Three(
        a_repository(olga, report),
        labels(olga, letter),
        migrated_data(olga, otto, amir, report),
        report,
        letter,
    )


def an_alias(olga: User, party: Party, words: str) -> None:
    """Another name for a party."""
    actions.save_party(party, actor=olga, values={}, aliases=[(words, None)])
