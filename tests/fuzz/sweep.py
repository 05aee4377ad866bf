"""Every value of every JSON fixture once in each odd type, where the campaign samples: `python -m tests.fuzz.sweep [--examined] [PATH…]`.

Exits 1 where a changed file gave a traceback, or broke a reader or a rule.
"""

from __future__ import annotations

import argparse
import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem
from tests.fuzz.campaign import FIXTURES
from tests.fuzz.mutations import Place
from tests.fuzz.oracle import Fault, rule_broke, traceback_fault

_ODD: tuple[Any, ...] = (None, 3, 0.5, "odd text that is no label", ["a", 1], {"a": 1}, [[]], True)
_LARGE = 12_000


def sweep(paths: list[Path], *, examined: bool) -> Iterator[tuple[str, Fault]]:
    """Yield what happens and must not, with the file, the place and the odd value; rules are run too where `examined`.

    A place is one value of a file by its keys, whatever its number in a list.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            if path.stat().st_size > _LARGE:
                continue
            target = Path(folder) / path.name
            for name, data in _changed(path):
                target.write_bytes(data)
                for fault in _faults(target, examined=examined):
                    yield f"{path}: {name}", fault


def _faults(path: Path, *, examined: bool) -> Iterator[Fault]:
    try:
        if examined:
            problems = run([str(path)], RunOptions(pedantic=True)).problems
        else:
            problems = [one for one in load(Source(str(path)), LoadOptions()) if isinstance(one, Problem)]
    except (LoadError, UsageError):
        return
    except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
        yield traceback_fault("check" if examined else "load", error)
        return
    yield from (rule_broke(problem) for problem in problems if problem.ours)


def _changed(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a name and the bytes for each place and odd value of a JSON document, or of the lines of JSON Lines."""
    rows = path.read_bytes().split(b"\n")
    document = _json(path.read_bytes())
    values = [(None, document)] if document is not None else [(number, _json(row)) for number, row in enumerate(rows)]
    met: set[tuple[str, ...]] = set()
    for number, value in values:
        if not isinstance(value, (dict, list)):
            continue
        for keys in _keys(value):
            shape = tuple("*" if isinstance(key, int) else key for key in keys)
            if shape in met:
                continue
            met.add(shape)
            for odd in _ODD:
                changed = copy.deepcopy(value)
                holder, key = _at(changed, keys)
                holder[key] = odd
                text = json.dumps(changed).encode()
                data = text if number is None else b"\n".join([*rows[:number], text, *rows[number + 1 :]])
                yield f"{'.'.join(map(str, keys))} = {odd!r}", data


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _keys(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield (*above, key)
        yield from _keys(item, (*above, key))


def _at(value: Any, keys: tuple[Any, ...]) -> Place:
    for key in keys[:-1]:
        value = value[key]
    return value, keys[-1]


def main() -> int:
    """Sweep the given files, by default all fixtures, and print each fault with its first place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="*")
    parser.add_argument("--examined", action="store_true", help="run the rules too")
    chosen = parser.parse_args()
    paths = chosen.paths or sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    met: dict[tuple[str, str], str] = {}
    for place, fault in sweep(paths, examined=chosen.examined):
        if met.setdefault((fault.kind, fault.where), place) == place:
            print(f"{fault.kind}: {fault.where}\n  first: {place}\n  {fault.detail.strip()}", flush=True)
    print(f"{len(met)} kinds of fault in {len(paths)} files")
    return 1 if met else 0


if __name__ == "__main__":
    raise SystemExit(main())
