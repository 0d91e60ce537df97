"""How a place in a document is named when it is cited."""

from documents.models import Document
from documents.quoting import citation, named, place


def test_a_document_is_named_by_what_is_known_of_it() -> None:
    full = Document(title="Scene setter", dated="2022-03-29", reference="Ares(2022)5123950")
    assert named(full) == "Scene setter, 29 March 2022, Ares(2022)5123950"
    assert named(Document(title="Letter", dated="2024~")) == "Letter, about 2024"
    assert named(Document(title="Note")) == "Note"


def test_a_place_tells_the_page_only_where_there_are_several() -> None:
    assert place([0], 9933, 9987) == "characters 9,933–9,987"
    assert place([0, 5000, 9000], 9933, 9987) == "page 3, characters 9,933–9,987"


def test_a_citation_can_be_pasted_into_a_letter() -> None:
    words = citation(
        Document(title="Letter", dated="2024"),
        [0],
        "We will\npublish it.",
        10,
        29,
        "https://tracker.test/documents/1/?start=10&end=29#here",
    )
    assert words == (
        "“We will publish it.” (Letter, 2024, characters 10–29) "
        "https://tracker.test/documents/1/?start=10&end=29#here"
    )
