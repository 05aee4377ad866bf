"""How native files open: `python tests/bench/natives.py FOLDER`. Every pointer is followed and every span is decoded back."""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.locate import Locator
from ctxdebug.model import Decoding, Problem, Segment, Snapshot, pointer_text
from tests.bench.resolving import resolve
from tests.locate.slices import slice_of

_ESCAPE = re.compile(r"\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrtabfv0\"\\/ ])")


def start_of(path: Path, pointer: tuple[Any, ...], held: dict[Any, Any]) -> tuple[Any, tuple[Any, ...]]:
    """The parsed beginning of a pointer, kept from call to call, and the steps that are left."""
    steps = list(pointer)
    key: list[Any] = []
    data: Any = path.read_bytes() if () not in held else held[()]
    held[()] = data
    while steps and steps[0] in {Decoding.GZIP, Decoding.ZIP, Decoding.YAML, Decoding.JSON}:
        step = steps.pop(0)
        key.append(step)
        member = steps.pop(0) if step is Decoding.ZIP else None
        key.append(member)
        if tuple(key) not in held:
            held[tuple(key)] = opened(step, member, data)
        data = held[tuple(key)]
        if step in {Decoding.YAML, Decoding.JSON}:
            break
    return data, tuple(steps)


def opened(step: Any, member: Any, data: Any) -> Any:
    """One step into a file."""
    if step is Decoding.GZIP:
        return gzip.decompress(data)
    if step is Decoding.ZIP:
        return zipfile.ZipFile(BytesIO(data)).read(str(member))
    if step is Decoding.YAML:
        return yaml.load(data.decode("utf-8-sig"), Loader=yaml.CBaseLoader)
    return json.loads(data)


def follows(path: Path, pointer: tuple[Any, ...], held: dict[Any, Any]) -> Any:
    """The value at the end of a pointer."""
    value, steps = start_of(path, pointer, held)
    if steps and steps[0] is Decoding.LINES:
        lines = held.setdefault("lines", value.split(b"\n"))
        return resolve(lines[steps[1]], (Decoding.JSON, *steps[2:]) if steps[2] is not Decoding.JSON else steps[2:])
    for at, step in enumerate(steps):
        if isinstance(step, Decoding):
            return resolve(value, steps[at:])
        value = value[step]
    return value


def squeezed(text: str) -> str:
    """Letters and digits only: what escapes and folding leave as it is."""
    return "".join(character for character in text if character.isascii() and character.isalnum())


def main() -> None:
    """Print what opens, what does not and why, and how many pointers and spans hold."""
    folder = Path(sys.argv[1])
    seen: Counter[str] = Counter()
    for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
        seen["files"] += 1
        started = time.perf_counter()
        found = list(load(Source(str(path)), LoadOptions()))
        seen["seconds"] += int((time.perf_counter() - started) * 1000)
        snapshots = [item for item in found if isinstance(item, Snapshot)]
        seen["opened" if snapshots else "refused with a reason"] += 1
        if not snapshots:
            reasons = [item.message for item in found if isinstance(item, Problem)]
            assert reasons, path
        seen["snapshots"] += len(snapshots)
        check(path, snapshots, seen)
    for what, count in seen.items():
        print(f"{what:34}{count:>10}")


def check(path: Path, snapshots: list[Snapshot], seen: Counter[str]) -> None:
    """Pointers and spans of one file."""
    held: dict[Any, Any] = {}
    source = Source(str(path))
    locator = Locator(source)
    text = None if source.shape == "zip" else source.text
    for snapshot in snapshots:
        for segment in (*snapshot.segments(), *snapshot.answer_segments()):
            for piece in segment.pieces:
                if piece.rendered or piece.end == piece.start:
                    continue
                seen["pieces"] += 1
                words = segment.text[piece.start : piece.end]
                try:
                    value = follows(path, piece.pointer, held)
                    good = isinstance(value, str) and value[piece.offset : piece.offset + len(words)] == words
                except Exception as error:  # noqa: BLE001 - a wrong pointer may fail in any way; it is counted
                    good, value = False, repr(error)
                seen["pieces that resolve"] += good
                if not good and seen["wrong"] < 15:
                    seen["wrong"] += 1
                    print("pointer", path.name[-50:], pointer_text(piece.pointer)[-120:], str(value)[:60], words[:40])
            if text is not None:
                check_span(locator, segment, text, seen, path)


def check_span(locator: Locator, segment: Segment, text: str, seen: Counter[str], path: Path) -> None:
    """The middle of a segment, located and read back."""
    if len(segment.text) < 8 or not segment.pieces or segment.pieces[0].rendered or len(segment.pieces) > 1:
        return
    opaque = {Decoding.GZIP, Decoding.BASE64, Decoding.HEX, Decoding.AWS_EVENTS, Decoding.PYTHON, Decoding.ZSTD}
    if opaque & set(segment.pieces[0].pointer[1:]):
        return
    start = len(segment.text) // 3
    end = min(len(segment.text), start + 25)
    seen["spans"] += 1
    place = locator.span(segment, start, end)
    words = squeezed(_ESCAPE.sub("", segment.text[start:end]))
    raw = "" if place is None else slice_of(text, place)
    good = place is not None and squeezed(_ESCAPE.sub("", raw)) == words
    seen["spans that decode back"] += good
    if not good and seen["astray"] < 15 and "\\" not in raw:
        seen["astray"] += 1
        print(
            "span",
            path.name[-50:],
            pointer_text(segment.pieces[0].pointer)[-90:],
            repr(raw[:60]),
            repr(segment.text[start:end]),
        )


if __name__ == "__main__":
    main()
