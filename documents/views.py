"""The original of a document, as it was received."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from documents.models import Document

# What is handed out may be anything: no browser is to run or render it under our address.
SANDBOX = "default-src 'none'; sandbox"


@require_safe
def original(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes as received, as an attachment."""
    documents = Document.objects.visible_to(request.user).select_related("original")
    found = get_object_or_404(documents, pk=pk).original
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type=found.media_type,
        headers={
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "ETag": f'"{found.sha256}"',
        },
    )
