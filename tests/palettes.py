"""Make a picture of a page smaller: the same pixels, in no more than 256 colours.

A page is flat colours and the edges of letters; what is rounded, and not by much, are some of the
pixels on those edges. Reads what Chromium writes: eight bits a channel, red, green and blue, not
interlaced.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator

SIGN = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
STEP = 40  # squared distance, about 6 of 255 in one channel, by which the palette gets coarser
CHANNELS = {2: 3, 6: 4}  # by the colour type in the header

Colour = bytes


def shrunk(picture: bytes) -> bytes:
    """The picture with a palette; raises ValueError for a PNG of another kind."""
    pieces = list(_chunks(picture))
    header = next(data for kind, data in pieces if kind == b"IHDR")
    width, _, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or colour not in CHANNELS or interlaced:
        raise ValueError("This picture is not as Chromium writes them.")
    packed = b"".join(data for kind, data in pieces if kind == b"IDAT")
    channels = CHANNELS[colour]
    lines = [
        [line[at : at + 3] for at in range(0, width * channels, channels)]
        for line in _lines(zlib.decompress(packed), width * channels, channels)
    ]
    return _written(width, lines)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the data of each chunk."""
    if not picture.startswith(SIGN):
        raise ValueError("This is not a PNG.")
    at = len(SIGN)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _lines(raw: bytes, stride: int, step: int) -> Iterator[bytes]:
    """The lines of pixels as they were before each was filtered against its neighbours."""
    above = bytes(stride)
    for at in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + stride]), above, step)
        yield above


def _unfiltered(kind: int, line: bytearray, above: bytes, step: int) -> bytes:
    """One line; `kind` is one of the five filters of the format."""
    for x in range(len(line)) if kind else ():
        left = line[x - step] if x >= step else 0
        corner = above[x - step] if x >= step else 0
        line[x] = (line[x] + _guess(kind, left, above[x], corner)) & 255
    return bytes(line)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    """What the filter expected here; the line holds the difference from it."""
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    near = left + up - corner
    return min((left, up, corner), key=lambda value: abs(near - value))


def _written(width: int, lines: list[list[Colour]]) -> bytes:
    """A PNG with a palette."""
    counted = Counter(colour for line in lines for colour in line)
    palette = _palette([colour for colour, _ in counted.most_common()])
    place = {colour: _nearest(colour, palette) for colour in counted}
    raw = b"".join(b"\0" + bytes(place[colour] for colour in line) for line in lines)
    header = struct.pack(">IIBBBBB", width, len(lines), 8, 3, 0, 0, 0)
    pieces = (
        (b"IHDR", header),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(raw, 9)),
        (b"IEND", b""),
    )
    return SIGN + b"".join(_chunk(kind, data) for kind, data in pieces)


def _palette(colours: list[Colour]) -> list[Colour]:
    """The colours to keep: from the commonest on, each that is unlike those before it."""
    unlike, kept = 0, colours
    while len(kept) > COLOURS:
        unlike, kept = unlike + STEP, []
        for colour in colours:
            if all(_distance(colour, other) > unlike for other in kept):
                kept.append(colour)
    return kept


def _distance(one: Colour, other: Colour) -> int:
    """How unlike two colours are, squared."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _nearest(colour: Colour, palette: Iterable[Colour]) -> int:
    """The place in the palette of the colour most like this one."""
    return min(enumerate(palette), key=lambda item: _distance(item[1], colour))[0]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
