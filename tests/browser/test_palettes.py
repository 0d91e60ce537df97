"""Pictures get smaller and stay what they were."""

import struct
import zlib

import pytest

from tests.palettes import SIGN, shrunk

SIDE = 24
FILTERS = (0, 1, 2, 3, 4)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_picture(line: bytes, filtered_by: int, depth: int = 8) -> bytes:
    """A square picture whose lines all hold these bytes, under this filter."""
    header = struct.pack(">IIBBBBB", SIDE, SIDE, depth, 2, 0, 0, 0)
    raw = (bytes([filtered_by]) + line) * SIDE
    pieces = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return SIGN + b"".join(chunk(kind, data) for kind, data in pieces)


def parts(picture: bytes) -> tuple[bytes, bytes]:
    """The palette, and the lines of places in it."""
    found, at = {}, len(SIGN)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        found[picture[at + 4 : at + 8]] = picture[at + 8 : at + 8 + length]
        at += 12 + length
    return found[b"PLTE"], zlib.decompress(found[b"IDAT"])


def test_flat_colours_are_kept_exactly() -> None:
    red, paper = b"\xb0\x20\x20", b"\xfd\xfc\xfa"
    palette, places = parts(shrunk(a_picture((red + paper * 2) * 8, 0)))
    assert palette == paper + red
    assert places == (b"\0" + b"\1\0\0" * 8) * SIDE


@pytest.mark.parametrize("filtered_by", FILTERS)
def test_every_filter_of_the_format_is_read(filtered_by: int) -> None:
    palette, places = parts(shrunk(a_picture(b"\0" * 3 * SIDE, filtered_by)))
    assert (palette, places) == (b"\0\0\0", b"\0" * (SIDE + 1) * SIDE)
    # The first pixel says what it is; the filter carries it on, to the right, down, or both.
    first = b"\x10\x20\x30" + b"\0" * 3 * (SIDE - 1)
    palette, _ = parts(shrunk(a_picture(first, filtered_by)))
    assert b"\x10\x20\x30" in [palette[at : at + 3] for at in range(0, len(palette), 3)]


def test_no_more_than_256_colours_are_left_and_none_is_far_off() -> None:
    lines = b"".join(bytes([x * 10, y * 10, 90]) for y in range(SIDE) for x in range(SIDE))
    raw = b"".join(b"\0" + lines[at : at + 3 * SIDE] for at in range(0, len(lines), 3 * SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    pieces = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)))
    palette, places = parts(shrunk(SIGN + b"".join(chunk(*piece) for piece in pieces)))
    assert len(palette) <= 3 * 256
    for number, place in enumerate(p for at, p in enumerate(places) if at % (SIDE + 1)):
        was, now = lines[3 * number : 3 * number + 3], palette[3 * place : 3 * place + 3]
        assert max(abs(a - b) for a, b in zip(was, now, strict=True)) <= 20


def test_pictures_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="not as Chromium"):
        shrunk(a_picture(b"\0" * 6 * SIDE, 0, depth=16))
    with pytest.raises(ValueError, match="not a PNG"):
        shrunk(b"GIF89a")
