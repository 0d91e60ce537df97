"""One value, one text: the writing of values that hashes are taken of. Pure.

The text is JSON with sorted keys (by code point), no spaces and every string in Unicode's
composed form (NFC). Whoever checks a history needs nothing but
`json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` and SHA-256.
"""

import hashlib
import json
import unicodedata
from typing import Any

Plain = dict[str, Any] | list[Any] | str | int | None


def canonical(value: Any) -> str:
    """The one text of a value made of dicts, lists, tuples, strings, integers, booleans and None.

    Raises TypeError for anything else, a float above all, and ValueError for a string that is not
    Unicode or for two keys that are the same once composed; the sentence names the place.
    """
    return json.dumps(
        _composed(value, ""), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _composed(value: Any, path: str) -> Plain:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, list | tuple):
        return [_composed(item, f"{path}[{place}]") for place, item in enumerate(value)]
    if isinstance(value, dict):
        return _mapping(value, path)
    raise TypeError(
        f"{path or 'the value'}: a {type(value).__name__} has no canonical text"
        " (a float least of all: two machines may write the same one differently)"
    )


def _mapping(value: dict[Any, Any], path: str) -> dict[str, Plain]:
    composed: dict[str, Plain] = {}
    for key, item in value.items():
        place = f"{path}.{key}" if path else str(key)
        if not isinstance(key, str):
            raise TypeError(f"{place}: a key must be text, not {type(key).__name__}")
        name = _text(key, place)
        if name in composed:
            raise ValueError(f"{place}: two keys are the same once composed")
        composed[name] = _composed(item, place)
    return composed


def _text(value: str, path: str) -> str:
    composed = unicodedata.normalize("NFC", value)
    try:
        composed.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{path or 'the value'}: half a character is not text") from error
    return composed
