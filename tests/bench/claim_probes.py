"""Measure the rules of claims on short answers: `python tests/bench/claim_probes.py [FILE…]`, FILE in the notation of probes/claims.txt.

Every answer goes through the whole program, its text as the result of a search, in the user's message and in the system prompt. Printed are
the wrong answers without a warning, the right ones with one, and the share found of each kind. probes/claims_unseen.txt was written apart
and measured once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ctxdebug

PROBES = Path(__file__).parent / "probes" / "claims.txt"
RULES = frozenset({"MEM402", "MEM403", "MEM404", "MEM405", "MEM406", "MEM410", "LRC504", "LRC505"})
PLACES = ("tool", "user", "system")


class Probe(NamedTuple):
    """An answer to a question about a text; `kind` is empty for a right one."""

    text: str
    question: str
    answer: str
    kind: str


def probes(path: Path) -> Iterator[Probe]:
    """Read the probes of a file."""
    text: list[str] = []
    question, open_ = "", False
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("S: "):
            text = [*(text if open_ else []), line[3:]]
            open_ = True
        elif line.startswith("Q: "):
            question, open_ = line[3:], False
        elif line.startswith("- "):
            kind, _, answer = line[2:].partition(": ")
            yield Probe("\n".join(text), question, answer, kind)
        elif line.startswith("+ "):
            yield Probe("\n".join(text), question, line[2:], "")


def request(one: Probe, place: str) -> dict[str, object]:
    """Return a request with the text in one of the places."""
    if place == "user":
        said = f"Context:\n{one.text}\n\nQuestion: {one.question}"
        return {
            "model": "m",
            "messages": [{"role": "system", "content": "Answer from the context."}, {"role": "user", "content": said}],
        }
    if place == "system":
        rules = f"Use only the following information.\n\n<context>\n{one.text}\n</context>"
        return {
            "model": "m",
            "messages": [{"role": "system", "content": rules}, {"role": "user", "content": one.question}],
        }
    call = {"id": "c1", "type": "function", "function": {"name": "search_docs", "arguments": "{}"}}
    return {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Answer from the search results."},
            {"role": "user", "content": one.question},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": one.text},
        ],
    }


def told(one: Probe, place: str) -> list[str]:
    """Return the messages of warnings and errors about an answer."""
    response = {"choices": [{"message": {"role": "assistant", "content": one.answer}, "finish_reason": "stop"}]}
    case = ctxdebug.inspect(request(one, place), response)
    return [f.message for f in case.findings if f.code in RULES and f.severity.word in {"warning", "error"}]


def main() -> None:
    """Measure the files that are named, or the project's own."""
    count: Counter[str] = Counter()
    for path in map(Path, sys.argv[1:] or [str(PROBES)]):
        for number, one in enumerate(probes(path)):
            place = PLACES[number % len(PLACES)]
            found = told(one, place)
            key = one.kind or "right"
            count[key] += 1
            count[f"{key} told"] += bool(found)
            if bool(found) != bool(one.kind):
                sys.stdout.write(
                    f"{'missed' if one.kind else 'alarm'} [{one.kind}] {one.question} -> {one.answer} {found[:2]}\n"
                )
    for key in sorted(key for key in count if not key.endswith(" told")):
        sys.stdout.write(f"{key:<12} {count[key + ' told']:>3} of {count[key]}\n")


if __name__ == "__main__":
    main()
