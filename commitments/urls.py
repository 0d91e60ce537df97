"""The addresses of the pages about commitments, one list for each module of views."""

from django.urls import path
from django.views.generic import RedirectView

from commitments.views import (
    capture,
    citing,
    commitment,
    documents,
    editing,
    glossary,
    inbox,
    letters,
    lookups,
    moves,
    parties,
    reader,
    register,
)

register_pages = [
    path("register/", register.register, name="register"),
    path("register/names/", register.names, name="register-names"),
]

document_pages = [
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:pk>/", reader.document, name="document"),
    path("documents/<int:pk>/new-commitment/", capture.new_commitment, name="new-commitment"),
    path("documents/<int:pk>/cite/", capture.cite_passage, name="cite-passage"),
]

inbox_pages = [
    path("", RedirectView.as_view(pattern_name="inbox")),
    path("follow-ups/", inbox.inbox, name="inbox"),
    path("c/<str:name>/seen/", inbox.seen, name="commitment-seen"),
]

commitment_pages = [
    path("c/<str:name>/", commitment.commitment, name="commitment"),
    path("c/<str:name>/move/<str:move>/", moves.MovePage.as_view(), name="move"),
    path("c/<str:name>/edit/", editing.EditPage.as_view(), name="edit"),
    path("c/<str:name>/correct/", editing.CorrectPage.as_view(), name="commitment-correct"),
    path("c/<str:name>/assign/", editing.AssignPage.as_view(), name="commitment-assign"),
    path(
        "c/<str:name>/reschedule/", editing.ReschedulePage.as_view(), name="commitment-reschedule"
    ),
    path(
        "c/<str:name>/confirm-reading/",
        editing.ConfirmReadingPage.as_view(),
        name="commitment-confirm-reading",
    ),
    path("c/<str:name>/note/", editing.NotePage.as_view(), name="commitment-note"),
    path("c/<str:name>/link/", editing.LinkPage.as_view(), name="commitment-link"),
    path(
        "c/<str:name>/links/<int:link>/unlink/",
        editing.UnlinkPage.as_view(),
        name="commitment-unlink",
    ),
    path("c/<str:name>/split/", editing.SplitPage.as_view(), name="commitment-split"),
    path("c/<str:name>/watch/", editing.watch, name="commitment-watch"),
    path("c/<str:name>/follow-up/", editing.follow_up, name="commitment-follow-up"),
    path("c/<str:name>/cite/", citing.CitePage.as_view(), name="commitment-cite"),
    path(
        "c/<str:name>/citations/<int:citation>/withdraw/",
        citing.WithdrawPage.as_view(),
        name="citation-withdraw",
    ),
    path("letters/new/", letters.new, name="new-follow-up"),
    path("letters/<int:pk>/", letters.letter, name="follow-up"),
    path("letters/<int:pk>/reply/", letters.reply, name="record-reply"),
    path("parties/new/", parties.new_party, name="new-party"),
    path("parties/<int:pk>/", parties.party, name="party"),
    path("parties/<int:pk>/edit/", parties.edit_party, name="edit-party"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("lookups/parties/", lookups.parties, name="party-names"),
    path("lookups/commitments/", lookups.commitments, name="commitment-names"),
    path("lookups/documents/", lookups.documents, name="document-names"),
    path("lookups/reading/", lookups.reading, name="reading"),
]

urlpatterns = [
    *inbox_pages,
    *commitment_pages,
    *document_pages,
    *register_pages,
]
