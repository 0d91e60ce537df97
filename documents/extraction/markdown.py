"""Takes Markdown's marks off a paragraph, so that a reader and a quote meet the words alone.

Only marks that cannot be words go: bold and emphasis in asterisks where they come in pairs, links
(their text stays, their target does not), and backslashes before Markdown's own signs. Underscores
stay: blanks in forms and file names are written with them. "[REDACTED]" stays exactly as it is.
"""

import re

# A NUL before a character says "this one was escaped and is no mark". The source holds none.
_ESCAPED = "\0"
_ESCAPE = re.compile(r"\\([`*_{}\[\]()<>#+\-.!|~])")
# Only what can be an address counts as a target: "Article 12[1](b)" is not a link.
_LINK = re.compile(
    r"(?<!\0)!?\[((?:\0.|[^\[\]\0])*)\]"
    r"\((?:(?:\#|\.{0,2}/|www\.|[a-z][a-z0-9+.-]{1,15}:)(?:\0.|[^()\s\0]|\([^()\s]*\))*)?"
    r"(?:\s+\"[^\"\n]*\")?\)",
    re.IGNORECASE,
)
_PAIRED = {"**": re.compile(r"(?<!\0)\*\*"), "*": re.compile(r"(?<![\0*])\*(?!\*)")}
_REDACTED = "[REDACTED]"


def without_marks(paragraph: str) -> str:
    """The paragraph as it reads, without Markdown's marks."""
    if not re.search(r"[\\*\[]", paragraph):
        return paragraph
    text = _ESCAPE.sub(_ESCAPED + r"\1", paragraph)
    text = _LINK.sub(_link_text, text)
    text = _without_pairs(text, "**")
    text = _without_pairs(text, "*")
    return text.replace(_ESCAPED, "")


def _link_text(link: re.Match[str]) -> str:
    words = link.group(1)
    return _REDACTED if f"[{words}]" == _REDACTED else words


def _without_pairs(text: str, mark: str) -> str:
    """Drop the pairs of a mark that hug the words between them; a mark without a partner stays."""
    dropped: list[int] = []
    opened: tuple[int, bool] | None = None
    for found in _PAIRED[mark].finditer(text):
        start, end = found.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if opened and before.strip() and _hugs(mark, opened[1], not _wordy(after)):
            dropped += [opened[0], start]
            opened = None
        elif after.strip():
            opened = (start, not _wordy(before))
    pieces, last = [], 0
    for start in dropped:
        pieces.append(text[last:start])
        last = start + len(mark)
    return "".join([*pieces, text[last:]])


def _hugs(mark: str, opened_clean: bool, closes_clean: bool) -> bool:
    """Converters write "**word**s"; but "2**3 and 4**5", or "value* and other*", are no marks."""
    if mark == "**":
        return opened_clean or closes_clean
    return opened_clean and closes_clean


def _wordy(character: str) -> bool:
    return character.isalnum()
