"""Writes tiny ONNX files byte by byte (protobuf wire format): the mean colour of a picture."""

from __future__ import annotations

from pathlib import Path


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def tensor(name: str, shape: tuple[int | str, ...]) -> bytes:
    dims = b"".join(field(1, field(1 if isinstance(d, int) else 2, d)) for d in shape)
    kind = field(1, 1) + field(2, dims)
    return field(1, name) + field(2, field(1, kind))


def node(operation: str, source: str, target: str) -> bytes:
    return field(1, source) + field(2, target) + field(4, operation)


def mean_colour(
    file: Path,
    batch: int | str = "n",
    size: tuple[int | str, int | str] = (4, 6),
    channels: int = 3,
    named: str = "features",
) -> Path:
    """Outputs: pooled (n, channels, 1, 1), then `named` (n, channels)."""
    graph = field(1, node("GlobalAveragePool", "picture", "pooled"))
    graph += field(1, node("Flatten", "pooled", named)) + field(2, "tiny")
    graph += field(11, tensor("picture", (batch, channels, *size)))
    graph += field(12, tensor("pooled", (batch, channels, 1, 1)))
    graph += field(12, tensor(named, (batch, channels)))
    model = field(1, 8) + field(8, field(1, "") + field(2, 13)) + field(7, graph)
    file.write_bytes(model)
    return file
