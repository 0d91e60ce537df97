"""What the history keeps of documents: their words cannot be edited unseen."""

import pytest

from documents.models import Text
from tests.making import a_document
from tracker.ledger.verifying import verify
from tracker.users.models import User


@pytest.mark.django_db
def test_an_edit_of_an_extracted_text_is_found(olga: User) -> None:
    text = a_document(olga).current_text()
    assert text is not None
    assert list(verify()) == []
    Text.objects.filter(pk=text.pk).update(text=text.text.replace("will", "may"))
    assert [finding.stream for finding in verify()] == [f"text:{text.pk}"]
