"""How honest the verdicts are: `ok` where a label says otherwise, and how often `ok` is said at all.

    python -m tests.bench.verdicts DATA [--rows N]

Of each question it prints how often each verdict was given, and a table of the reasons for *partly* and *not checked*: in how many
exchanges a reason stood, alone or beside others.

`DATA` is the folder with `captures/` and `hierarchy/`. Figures of these sets are dev figures.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.engine.steps import Answer
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem
from ctxdebug.questions import Question, Verdict

MOST_REASONS = 6


def rows(path: Path, most: int) -> Iterator[dict[str, Any]]:
    """Rows of a JSONL file, a seeded sample of at most `most`."""
    lines = path.read_text("utf-8").splitlines()
    random.Random(20261130).shuffle(lines)
    for line in lines[:most]:
        yield json.loads(line)


def steps_of(captures: list[Any]) -> Iterator[tuple[tuple[Answer, ...], frozenset[Question | None]]]:
    """The verdicts and the questions of the findings of some captured exchanges."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "captures.jsonl"
        path.write_text("\n".join(json.dumps(one) for one in captures), "utf-8")
        source, engine = Source(str(path)), Engine(RunOptions())
        for loaded in load(source, LoadOptions()):
            if not isinstance(loaded, Problem):
                examined = engine.examine(loaded, source)
                yield examined.steps, frozenset(finding.question for finding in examined.findings)


def chat(prompt: str, response: str) -> dict[str, Any]:
    """A row as one exchange."""
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": prompt}]}
    answer = {"role": "assistant", "content": response}
    body = {"object": "chat.completion", "choices": [{"index": 0, "message": answer, "finish_reason": "stop"}]}
    return {"request": request, "response": body}


def kept(folder: Path, most: int) -> None:
    """`instructions-kept` against strict labels."""
    for path in sorted(folder.glob("hierarchy/ifbench/ifbench_strict.jsonl")) + sorted(
        folder.glob("hierarchy/mifeval_en_even/*.jsonl")
    ):
        held = [
            row
            for row in rows(path, most)
            if isinstance(row.get("prompt"), str) and isinstance(row.get("response"), str)
        ]
        verdicts = Counter[tuple[bool, Verdict]]()
        reasons = Counter[str]()
        for row, (steps, _) in zip(
            held, steps_of([chat(row["prompt"], row["response"]) for row in held]), strict=False
        ):
            answer = next(one for one in steps if one.question is Question.INSTRUCTIONS_KEPT)
            verdicts[bool(row["follow_all_instructions"]), answer.verdict] += 1
            if answer.verdict in {Verdict.PARTLY, Verdict.NOT_CHECKED}:
                reasons[answer.reason[:90]] += 1
        for label in (True, False):
            total = sum(number for (passed, _), number in verdicts.items() if passed is label)
            fine = verdicts[label, Verdict.OK]
            print(
                f"{path.stem[:40]:<40} label {'PASS' if label else 'FAIL'}  rows {total:>4}  ok {fine:>4} {fine / max(1, total):.3f}",
                {v.value: n for (p, v), n in verdicts.items() if p is label},
            )
        for reason, number in reasons.most_common(5):
            print(f"    {number:>4}  {reason}")


def kinds_of(reason: str) -> set[str]:
    """The reasons that one answer gives, without their counts and with what they quote taken out."""
    parts = [re.sub(r" \(\d[\d,]*\)$", "", part) for part in re.split(r"; (?![^(]*\))", reason)]
    return {re.sub(r"'[^']*'|“[^”]*”|(?<![A-Z])\b\d[\d,.]*", "…", part)[:110] for part in parts}


def captured(folder: Path, most: int) -> None:
    """Every verdict over real captures, the reasons for what was not checked, and `ok` beside a finding."""
    verdicts = Counter[tuple[Question, Verdict]]()
    reasons = Counter[tuple[Question, str]]()
    beside = 0
    for path in sorted(folder.glob("captures/*.jsonl")):
        if path.stem == "token_truth":
            continue
        for steps, questions in steps_of(list(rows(path, most))):
            for answer in steps:
                verdicts[answer.question, answer.verdict] += 1
                beside += answer.verdict is Verdict.OK and answer.question in questions
                if answer.verdict in {Verdict.PARTLY, Verdict.NOT_CHECKED}:
                    reasons.update((answer.question, reason) for reason in kinds_of(answer.reason))
    print(f"{'question':<32}" + "".join(f"{verdict.value:>16}" for verdict in Verdict))
    for question in Question:
        print(f"{question.value:<32}" + "".join(f"{verdicts[question, verdict]:>16}" for verdict in Verdict))
    print("\nreasons for what was partly or not checked")
    for question in Question:
        of = Counter({reason: number for (asked, reason), number in reasons.items() if asked is question})
        for reason, number in of.most_common(MOST_REASONS):
            print(f"  {question.value:<32} {number:>5}  {reason}")
        if len(of) > MOST_REASONS:
            left = sum(number for _, number in of.most_common()[MOST_REASONS:])
            print(f"  {question.value:<32} {left:>5}  {len(of) - MOST_REASONS} other reasons")
    print("\nok beside a finding of the same question:", beside)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=60)
    given = parser.parse_args()
    kept(given.data, given.rows)
    captured(given.data, given.rows)


if __name__ == "__main__":
    main()
