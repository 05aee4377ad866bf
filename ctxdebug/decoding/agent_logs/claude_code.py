"""Claude Code's logs (Qwen Code's are built the same way): a tree of lines, of which a branch is what the model read.

Every line with a `uuid` is a link, whatever its type: attachments and progress lines are parents too. A compaction
links to what it replaced by `logicalParentUuid`; a sub-agent's lines are a tree of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ctxdebug.decoding.agent_logs.context import Context, Line, context


def contexts(lines: list[Line]) -> Iterator[Context]:
    """Yield the contexts of every conversation in the log, in the order in which they end."""
    tree = _Tree(lines)
    found: list[Context] = []
    for leaf in tree.leaves():
        kept = tree.complete(tree.path(leaf))
        shown = set(kept)
        failures = [number for number in tree.failures(leaf) if number not in shown]
        left = tree.abandoned(leaf, [*kept, *failures])
        notes = [f"{left} messages on branches that were left are not shown"] if left else []
        parts = [*_parts(lines, kept), *(list(_parts(lines, tree.complete(tree.path(n))))[-2] for n in failures)]
        found.extend(
            context(lines, part, notes, tree.agent(leaf), left)
            for part in parts
            if any(_speaks(lines[number]) for number in part)
        )
    yield from sorted(found, key=lambda part: len(part.lines))


def _parts(lines: list[Line], order: list[int]) -> Iterator[list[int]]:
    """Stretches between compactions, and each stretch that ends with a call that failed."""
    part: list[int] = []
    for number in order:
        line = lines[number] or {}
        if line.get("subtype") == "compact_boundary":
            yield part
            part = []
        part.append(number)
        if line.get("isApiErrorMessage") is True:
            yield list(part)
            part.pop()
    yield part


class _Tree:
    """The lines by their links."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._by_id: dict[str, int] = {}
        for number, line in enumerate(lines):
            if line is not None and isinstance(line.get("uuid"), str):
                self._by_id.setdefault(line["uuid"], number)
        self._parent = self._parents()
        self._root = self._roots()
        self._pieces: dict[str, list[int]] = defaultdict(list)
        self._results: dict[str, list[int]] = defaultdict(list)
        self._unnamed: dict[int, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            if (identifier := _message_id(line)) is not None and number in self._root:
                self._pieces[identifier].append(number)
            for call_id in _answered(line):
                self._results[call_id].append(number)
            if (parent := self._parent.get(number)) is not None and _only_unnamed_results(line):
                self._unnamed[parent].append(number)

    def _parents(self) -> dict[int, int | None]:
        """Each link's parent; where that is not in the file, the line before it of the same conversation."""
        parents: dict[int, int | None] = {}
        last: dict[tuple[str, str], int] = {}
        for number, line in enumerate(self._lines):
            if line is None or not isinstance(line.get("uuid"), str):
                continue
            named = line.get("parentUuid") or line.get("logicalParentUuid")
            thread = (str(line.get("sessionId")), str(_side(line)))
            parent = self._by_id.get(named) if isinstance(named, str) else None
            lost = self._by_id[line["uuid"]] != number or named == line["uuid"] or parent is None
            if isinstance(named, str) and lost:
                parent = last.get(thread)
            if parent is not None and _side(line) != _side(self._lines[parent]):
                parent = parent if not _side(line) and not _speaks(self._lines[parent]) else None
            parents[number] = parent
            last[thread] = number
        return parents

    def _roots(self) -> dict[int, int]:
        """Return the root of every link; a circle's root is where it was entered."""
        roots: dict[int, int] = {}
        for number in self._parent:
            way: list[int] = []
            at: int | None = number
            seen: set[int] = set()
            while at is not None and at not in roots and at not in seen:
                way.append(at)
                seen.add(at)
                at = self._parent.get(at)
            root = roots.get(at, at) if at is not None else way[-1]
            roots.update(dict.fromkeys(way, root))
        return roots

    def leaves(self) -> list[int]:
        """Return the last line that speaks in each tree; lines without links are one conversation."""
        last = {root: number for number, root in self._root.items() if _speaks(self._lines[number])}
        if not last:
            loose = [number for number, line in enumerate(self._lines) if _speaks(line)]
            return loose[-1:]
        return sorted(last.values())

    def failures(self, leaf: int) -> list[int]:
        """Return the calls that failed in a leaf's tree."""
        root = self._root.get(leaf)
        return [
            n
            for n, its in self._root.items()
            if its == root and (self._lines[n] or {}).get("isApiErrorMessage") is True
        ]

    def path(self, leaf: int) -> list[int]:
        """Return the lines from the root to a leaf."""
        if leaf not in self._root:
            return [number for number, line in enumerate(self._lines) if _speaks(line)]
        way: list[int] = []
        seen: set[int] = set()
        at: int | None = leaf
        while at is not None and at not in seen:
            way.append(at)
            seen.add(at)
            at = self._parent.get(at)
        return way[::-1]

    def complete(self, path: list[int]) -> list[int]:
        """Return a path with the other pieces of its messages and all results of its calls, each after its call."""
        called: dict[str, int] = {}
        for number in path:
            for piece in self._message(number):
                for call_id in _called(self._lines[piece]):
                    called.setdefault(call_id, number)
        order: list[int] = []
        placed: set[int] = set()

        def place(numbers: Iterable[int]) -> None:
            for number in numbers:
                if number not in placed:
                    placed.add(number)
                    order.append(number)

        on_path = set(path)
        for number in path:
            answered = _answered(self._lines[number])
            if answered and all(call_id in called and called[call_id] not in placed for call_id in answered):
                continue  # its call comes later, and brings it
            message = self._message(number)
            place(message)
            results = {
                result
                for piece in message
                for call_id in _called(self._lines[piece])
                for result in self._results.get(call_id, ())
                if result in on_path or _side(self._lines[result]) == _side(self._lines[number])
            }
            place(sorted(results.union(*(self._unnamed.get(piece, ()) for piece in message))))
        return order

    def _message(self, number: int) -> list[int]:
        identifier = _message_id(self._lines[number])
        pieces = self._pieces.get(identifier, []) if identifier is not None else []
        return pieces if number in pieces else [number]

    def abandoned(self, leaf: int, kept: Iterable[int]) -> int:
        """How many lines that speak are in a leaf's tree and not on its path."""
        known = set(kept)
        root = self._root.get(leaf)
        return sum(
            1
            for number, its_root in self._root.items()
            if its_root == root and number not in known and _speaks(self._lines[number])
        )

    def agent(self, leaf: int) -> str | None:
        """Return the sub-agent that a leaf belongs to."""
        line = self._lines[leaf] or {}
        named = line.get("agentId")
        if isinstance(named, str):
            return named
        return f"side conversation {self._root.get(leaf, leaf)}" if _side(line) else None


def _side(line: Line) -> bool:
    return line is not None and line.get("isSidechain") is True


def _speaks(line: Line) -> bool:
    message = line.get("message") if line is not None else None
    return isinstance(message, dict) and bool(message.get("content") or message.get("parts"))


def _message_id(line: Line) -> str | None:
    message = (line or {}).get("message")
    identifier = message.get("id") if isinstance(message, dict) else None
    return identifier if isinstance(identifier, str) else None


def _blocks(line: Line) -> Iterator[Mapping[str, Any]]:
    message = (line or {}).get("message")
    held = message.get("content", message.get("parts")) if isinstance(message, dict) else None
    for block in held if isinstance(held, list) else ():
        if isinstance(block, dict):
            yield block


def _called(line: Line) -> Iterator[str]:
    for block in _blocks(line):
        if block.get("type") == "tool_use" and isinstance(block.get("id"), str):
            yield block["id"]


def _answered(line: Line) -> list[str]:
    return [
        block["tool_use_id"]
        for block in _blocks(line)
        if block.get("type") == "tool_result" and isinstance(block.get("tool_use_id"), str)
    ]


def _only_unnamed_results(line: Line) -> bool:
    """Whether a line is nothing but results that do not say which call they answer."""
    blocks = list(_blocks(line))
    return bool(blocks) and all(block.get("type") == "tool_result" and not block.get("tool_use_id") for block in blocks)
