"""Cut recorded runs into single requests, damage them, shuffle them, and group them again: `python -m tests.bench.grouping FOLDER…`.

FOLDER holds runs that ctxdebug reads (SWE-agent, tau-bench, AgentDyn). Every run becomes the requests that its calls must have sent; in one
batch with others its head is dropped, its answers are left out, its texts are cut short, or a summary stands in the place of its beginning.
Printed are pair precision, recall and F1, and the share of pairs joined across runs.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.decoding.source import Source
from ctxdebug.engine.sessions import Sessions
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.loading.walk import captures
from ctxdebug.model import Authority, Kind, Message, Problem, Provenance, Role, Segment, Snapshot, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAMAGES = ("whole", "head dropped", "answers removed", "summary put in")
_MOST = 12
"""Requests that are taken of one run."""
_BATCH = 12
"""Runs that are shuffled into each other."""


def requests(run: Snapshot, damage: str, number: int) -> Iterator[Snapshot]:
    """The requests of a run's calls, in order, damaged from the third on."""
    calls = [message for message in (*run.messages, *run.answer) if message.role is Role.ASSISTANT and message.segments]
    sent: list[Message] = []
    for at, answer in enumerate(calls[:_MOST]):
        end = run.messages.index(answer) if answer in run.messages else len(run.messages)
        messages = list(run.messages[:end])
        if at >= 2:
            messages = damaged(messages, damage)
        if messages and messages != sent:  # without the answers, the steps of one turn send the same
            sent = messages
            yield replace(run, messages=tuple(messages), answer=(answer,), has_response=True, session=None, previous=None, id=None,
                          labels={}, path=f"{run.path}", pointer=(number, at))  # fmt: skip


def damaged(messages: Sequence[Message], damage: str) -> list[Message]:
    """A request's messages with one kind of damage; the rules at the head stay."""
    rules = [message for message in messages if message.role in {Role.SYSTEM, Role.DEVELOPER}]
    spoken = [message for message in messages if message not in rules]
    if damage == "head dropped":
        return [*rules, *spoken[len(spoken) // 2 :]]
    if damage == "answers removed":
        return [*rules, *(message for message in spoken if message.role is Role.USER)]
    if damage == "summary put in":
        text = "Summary of the previous conversation: the first half was done as it was asked for."
        segment = Segment(
            "m0.s0", Role.USER, Kind.TEXT, text, (), Authority.USER, Trust.UNTRUSTED, Provenance.USER_INPUT
        )
        return [*rules, Message(0, Role.USER, "user", (segment,), ()), *spoken[len(spoken) // 2 :]]
    return list(messages)


def shuffled(runs: list[list[Snapshot]], chance: random.Random) -> list[Snapshot]:
    """The requests of several runs, each run in its own order, as one server's log has them."""
    order = [number for number, run in enumerate(runs) for _ in run]
    chance.shuffle(order)
    waiting = [iter(run) for run in runs]
    return [replace(next(waiting[number]), path="log.jsonl") for number in order]


def main(folders: Sequence[str]) -> None:
    """Print the figures of each damage and of all."""
    chance = random.Random(17)
    runs = [
        loaded
        for path in captures(folders)
        for loaded in load(Source(path), LoadOptions())
        if not isinstance(loaded, Problem) and sum(m.role is Role.ASSISTANT for m in loaded.messages) >= 2
    ]
    chance.shuffle(runs)
    total: Counter[str] = Counter()
    for damage in DAMAGES:
        found: Counter[str] = Counter()
        for start in range(0, len(runs), _BATCH):
            batch = [list(requests(run, damage, start + n)) for n, run in enumerate(runs[start : start + _BATCH])]
            log = shuffled(batch, chance)
            sessions = Sessions()
            count(found, [(one.pointer[0], sessions.joined(one).session) for one in log])
        report(damage, found)
        total.update(found)
    report("all", total)


def count(found: Counter[str], rows: Sequence[tuple[object, object]]) -> None:
    """Add the pairs of one log: right, missed, and joined across runs."""
    for number, (run, session) in enumerate(rows):
        for other, joined in rows[:number]:
            same, together = run == other, session == joined
            found["right"] += same and together
            found["missed"] += same and not together
            found["across"] += together and not same
            found["apart"] += not same


def report(damage: str, found: Counter[str]) -> None:
    """Print one line."""
    precision = found["right"] / max(1, found["right"] + found["across"])
    recall = found["right"] / max(1, found["right"] + found["missed"])
    score = 2 * precision * recall / max(1e-9, precision + recall)
    sys.stdout.write(
        f"{damage:<16} pairs {found['right'] + found['missed']:>6}  precision {precision:.4f}  recall {recall:.4f}  F1 {score:.4f}"
        f"  across {found['across']} of {found['apart']} ({found['across'] / max(1, found['apart']):.4f})\n"
    )


if __name__ == "__main__":
    main([str(Path(folder)) for folder in sys.argv[1:]])
