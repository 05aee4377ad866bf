"""Ways to break a file: in its bytes, in the lines of a JSON Lines file, and in the values of JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Place: TypeAlias = tuple[dict[str, Any] | list[Any], Any]
"""A dictionary or a list, and the key or the number of one value in it."""

_ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, float("inf"), float("nan"), 10**30, -(10**400), "", " ", "1", "\ud83d", "\x00", "\u202e", "x" * 5000,
    [], {}, [[]], [{}], [None], {"": ""}, {"type": "text"}, {"type": []}, ["a", 1, None], {"role": "user", "content": None}, "null", "{}",
)  # fmt: skip
_ODD_KEYS = ("", "type", "role", "content", "text", "id", "\ud800", "name", "__proto__", "0", "x" * 300)
_DEPTHS = (5, 60, 200, 3000)
_BYTES = (
    b"\x00",
    b"\xff",
    b"\n",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\x1b[2J",
)


def mutated(data: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Return the name of a mutation and what it made of a file's bytes; the same for the same state of `rng`."""
    if rng.random() < 0.7:
        for lines in rng.sample((False, True), 2):
            result = _in_json(data, rng, lines=lines)
            if result is not None:
                return result
    name, change = rng.choice(_BYTE_CHANGES)
    return name, change(data, rng)


def _in_json(data: bytes, rng: random.Random, *, lines: bool) -> tuple[str, bytes] | None:
    """Mutate a value of a JSON document, or of one line of JSON Lines; None where the file is neither."""
    rows = data.split(b"\n") if lines else [data]
    filled = [number for number, row in enumerate(rows) if row.strip()[:1] in (b"{", b"[")]
    if not filled:
        return None
    number = rng.choice(filled)
    try:
        value = json.loads(rows[number])
    except ValueError:
        return None
    places = list(_places(value))
    if not places:
        return None
    name, change = rng.choice(_VALUE_CHANGES)
    try:
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            if places := list(_places(value)):
                change(value, places, rng)
        text = json.dumps(value, ensure_ascii=rng.random() < 0.8)
    except RecursionError:  # nested deeper than can be written here; `_nest` goes deeper by bytes
        return None
    rows[number] = text.encode("utf-8", "surrogatepass")
    if name == "doubled key":
        rows[number] = _with_doubled_key(rows[number], rng)
    return name, b"\n".join(rows)


def _places(value: Any) -> Iterator[Place]:
    """Yield every value of a document with where it is."""
    below = [value]
    while below:
        at = below.pop()
        entries = list(at.items()) if isinstance(at, dict) else list(enumerate(at)) if isinstance(at, list) else []
        for key, item in entries:
            yield at, key
            below.append(item)


def _drop(_: Any, places: list[Place], rng: random.Random) -> None:
    holder, key = rng.choice(places)
    del holder[key]


def _wrong_type(_: Any, places: list[Place], rng: random.Random) -> None:
    holder, key = rng.choice(places)
    holder[key] = json.loads(json.dumps(rng.choice(_ODD_VALUES)))


def _wrap(_: Any, places: list[Place], rng: random.Random) -> None:
    holder, key = rng.choice(places)
    value = holder[key]
    holder[key] = rng.choice(([value], {"text": value}, {"content": value}, json.dumps(value), [value, value]))


def _swap(_: Any, places: list[Place], rng: random.Random) -> None:
    (first, one), (second, other) = rng.choice(places), rng.choice(places)
    moved = json.loads(json.dumps(second[other]))
    second[other] = json.loads(json.dumps(first[one]))
    if one in first or (isinstance(first, list) and one < len(first)):
        first[one] = moved


def _rename(_: Any, places: list[Place], rng: random.Random) -> None:
    named = [(holder, key) for holder, key in places if isinstance(holder, dict)]
    if named:
        holder, key = rng.choice(named)
        holder[rng.choice(_ODD_KEYS)] = holder.pop(key)


def _repeat(_: Any, places: list[Place], rng: random.Random) -> None:
    listed = [(holder, number) for holder, number in places if isinstance(holder, list)]
    if listed:
        holder, number = rng.choice(listed)
        holder[number:number] = [holder[number]] * rng.choice((1, 3, 40))


def _deep(_: Any, places: list[Place], rng: random.Random) -> None:
    holder, key = rng.choice(places)
    value, dictionary = holder[key], rng.random() < 0.5
    for _ in range(min(rng.choice(_DEPTHS), 300)):  # what `json.dumps` can write
        value = {"a": value} if dictionary else [value]
    holder[key] = value


def _damage_text(_: Any, places: list[Place], rng: random.Random) -> None:
    texts = [place for place in places if isinstance(place[0][place[1]], str)]
    if texts:
        holder, key = rng.choice(texts)
        text = holder[key]
        at = rng.randrange(len(text) + 1)
        holder[key] = rng.choice((text[:at], text[at:], text[:at] + "\ud83d" + text[at:], text * 20, text[::-1]))


def _same(_: Any, places: list[Place], rng: random.Random) -> None:
    """Leave the value; the bytes are changed after it is written."""


def _with_doubled_key(row: bytes, rng: random.Random) -> bytes:
    opened = [at for at in range(len(row)) if row[at : at + 1] == b"{"]
    if not opened:
        return row
    at = rng.choice(opened)
    end = row.find(b":", at)
    return row[: at + 1] + row[at + 1 : end] + b': "said twice", ' + row[at + 1 :] if end > 0 else row


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] if rng.random() < 0.8 else data[at:]


def _splice(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_BYTES) * rng.choice((1, 1, 3)) + data[at:]


def _take_out(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 2, 20, 200)) :]


def _double(data: bytes, rng: random.Random) -> bytes:
    at, size = rng.randrange(len(data) + 1), rng.choice((1, 20, 400))
    return data[: at + size] + data[at:]


def _nest(data: bytes, rng: random.Random) -> bytes:
    depth = rng.choice(_DEPTHS)
    opened, closed = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return opened * depth + data + closed * depth


def _lines_moved(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines[: rng.choice((len(lines), max(1, len(lines) // 2)))])


_VALUE_CHANGES: tuple[tuple[str, Callable[[Any, list[Place], random.Random], None]], ...] = (
    ("dropped key", _drop),
    ("wrong type", _wrong_type),
    ("wrong type", _wrong_type),
    ("wrapped value", _wrap),
    ("swapped values", _swap),
    ("renamed key", _rename),
    ("repeated item", _repeat),
    ("nested value", _deep),
    ("damaged text", _damage_text),
    ("doubled key", _same),
)
_BYTE_CHANGES: tuple[tuple[str, Callable[[bytes, random.Random], bytes]], ...] = (
    ("flipped bits", _flip),
    ("cut file", _cut),
    ("spliced bytes", _splice),
    ("bytes taken out", _take_out),
    ("doubled bytes", _double),
    ("nested file", _nest),
    ("lines moved", _lines_moved),
)
