"""The file of MiniLM's weights, with words looked up before their numbers are widened: 60 MB less memory.

What its lower layers make of a text is given out as well, for layers that were taught something else.

Weights are kept in bytes and widened as they are loaded. For the layers that is what makes them fast; but of the table
of words (30,522 rows) a text needs a few dozen rows. So the look-up goes first, and only what it found is widened. The
numbers stay the same. Knows the wire format of protocol buffers and five fields of ONNX; no text and no vector.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

_GRAPH, _NODE, _GIVEN = 7, 1, 12
_INPUT, _OUTPUT, _NAME, _KIND = 1, 2, 3, 4
_LENGTH = 2
"""The wire type of a field whose length goes before it."""

_TO_FLOAT = b"\x0a\x02to\x18\x01\xa0\x01\x02"
"""The attribute of a node that widens: to float."""

_ATTRIBUTE = 5

_FLOATS = b"\x12\x04\x0a\x02\x08\x01"
"""The type of what a graph gives out: floats, in whatever shape."""

_LAST = "inner.encoder.layer.{}.output.LayerNorm.weight"
"""What the last step of a layer multiplies with; layers are counted from 0."""

Field = tuple[int, bytes | memoryview]
"""The number of a field and its bytes; those of another wire type than length carry their tag (number 0)."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A step of the graph."""

    kind: bytes
    inputs: tuple[bytes, ...]
    output: bytes


def middle(weights: bytes, layers: int) -> str | None:
    """Return the name of what the lowest so many layers give on; None where the weights have no such layer."""
    last = _LAST.format(layers - 1).encode()
    graphs = [value for number, value in _fields(memoryview(weights)) if number == _GRAPH]
    nodes = (_node(value) for graph in graphs for number, value in _fields(memoryview(graph)) if number == _NODE)
    return next((node.output.decode() for node in nodes if last in node.inputs), None)


def giving(weights: bytes, name: str) -> bytes:
    """Return the weights with something that is computed under way given out too, under its name."""
    shown = b"".join(_written(_INPUT, [name.encode()])) + _FLOATS
    return b"".join(
        part
        for number, value in _fields(memoryview(weights))
        for part in _written(number, [value, *_written(_GIVEN, [shown])] if number == _GRAPH else [value])
    )


def narrow(weights: bytes) -> bytes:
    """Return the weights with the look-up of words moved before their widening; as they were, where none is found."""
    fields = list(_fields(memoryview(weights)))
    return b"".join(
        part for number, value in fields for part in _written(number, _graph(value) if number == _GRAPH else [value])
    )


def _graph(graph: bytes | memoryview) -> list[bytes | memoryview]:
    """Return the parts of a graph in which every look-up in a widened table is a look-up in the table itself."""
    fields = list(_fields(memoryview(graph)))
    nodes = {at: _node(value) for at, (number, value) in enumerate(fields) if number == _NODE}
    made = {node.output: (at, node) for at, node in nodes.items()}
    for at, node in nodes.items():
        scaled = made.get(node.inputs[0]) if node.kind == b"Gather" else None
        cast = made.get(scaled[1].inputs[0]) if scaled and scaled[1].kind == b"Mul" else None
        if scaled is None or cast is None or cast[1].kind != b"Cast":
            continue
        table, scale, where, out = cast[1].inputs[0], scaled[1].inputs[1], node.inputs[1], node.output
        fields[cast[0]] = (_NODE, _spelled(b"Gather", (table, where), out + b"_q"))
        fields[scaled[0]] = (_NODE, _spelled(b"Gather", (scale, where), out + b"_s"))
        widened = _spelled(b"Cast", (out + b"_q",), out + b"_f", _TO_FLOAT)
        fields[at] = (_NODE, widened)
        fields.append((_NODE, _spelled(b"Mul", (out + b"_f", out + b"_s"), out)))
    return list(chain.from_iterable(_written(number, [value]) for number, value in fields))


def _node(value: bytes | memoryview) -> _Node:
    found: dict[int, list[bytes]] = {}
    for number, some in _fields(memoryview(value)):
        found.setdefault(number, []).append(bytes(some))
    return _Node(found[_KIND][0], tuple(found.get(_INPUT, ())), found[_OUTPUT][0])


def _spelled(kind: bytes, inputs: tuple[bytes, ...], output: bytes, attribute: bytes | None = None) -> bytes:
    fields = [*((_INPUT, each) for each in inputs), (_OUTPUT, output), (_NAME, output), (_KIND, kind)]
    fields += [(_ATTRIBUTE, attribute)] if attribute else []
    return b"".join(part for number, value in fields for part in _written(number, [value]))


def _fields(message: memoryview) -> Iterator[Field]:
    at = 0
    while at < len(message):
        start = at
        tag, at = _number(message, at)
        if tag & 7 == _LENGTH:
            size, at = _number(message, at)
            yield tag >> 3, message[at : at + size]
            at += size
        else:
            at = _number(message, at)[1] if tag & 7 == 0 else at + (4 if tag & 7 == 5 else 8)
            yield 0, message[start:at]


def _written(number: int, parts: list[bytes | memoryview]) -> list[bytes | memoryview]:
    """Return the bytes of a field, in parts; what has number 0 is whole already."""
    if number == 0:
        return parts
    return [_varint(number << 3 | _LENGTH) + _varint(sum(map(len, parts))), *parts]


def _number(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
