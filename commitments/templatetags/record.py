"""`{% load record %}`: the record's own words in templates."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from documents.paragraphs import redactions

register = template.Library()

# As the reader sets it: the brackets are for copying and for screen readers.
BLACKED = '<span class="redacted"><span class="vh">[</span>{}<span class="vh">]</span></span>'


@register.filter
def redacted(words: str) -> SafeString:
    """The words, with what the record blacked out set apart."""
    parts = []
    place = 0
    for start, end in redactions(words):
        parts += [
            conditional_escape(words[place:start]),
            format_html(BLACKED, words[start + 1 : end - 1]),
        ]
        place = end
    return mark_safe("".join([*parts, conditional_escape(words[place:])]))  # noqa: S308 - escaped
