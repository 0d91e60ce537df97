"""From bytes to characters: what kind of file it is, its encoding, and characters nobody sees."""

import codecs
import re
import unicodedata

# First bytes that settle the kind of a file, whatever its name says.
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
)
_HTML = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE)

# The longer marks first: the one for UTF-32 begins like the one for UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x85\u2028\u2029]")
_ODD_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Zero-width marks and switches of direction: nobody sees them, and a quote would stumble over them.
# The joiners stay (some scripts and emoji are written with them).
_UNSEEN = re.compile(
    r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
# Office programs write list signs as private characters of a symbol font.
_SYMBOLS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fc": "•", "\uf02d": "-"}
)


class Unreadable(ValueError):
    """The file has no text we can read. The message is a sentence for the person who sent it."""


def media_type(data: bytes, file_name: str = "") -> str:
    """The media type told by the first bytes; "text/plain" for anything that carries no sign."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if _HTML.match(data) or file_name.lower().endswith((".html", ".htm")):
        return "text/html"
    return "text/plain"


def characters(data: bytes) -> str:
    """The characters of a text file: LF line ends, form feeds kept, plain spaces, no controls, NFC.

    Spaces are not yet collapsed: their number at the head of a line still tells lists apart.
    Raises Unreadable for an empty file and for binary content.
    """
    if not data:
        raise Unreadable("This file is empty.")
    text = _decoded(data)
    controls = len(_CONTROLS.findall(text))
    # Compressed data has about one control in ten characters; a damaged text has a few in all.
    if controls > 4 and controls * 20 > len(text):
        raise Unreadable("This file holds binary data, not text.")
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("", text)
    text = _UNSEEN.sub("", _ODD_SPACES.sub(" ", text)).replace("\t", "  ")
    return unicodedata.normalize("NFC", text.translate(_SYMBOLS))


def _decoded(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            # Inside a declared encoding a broken character is shown as one, never guessed.
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
