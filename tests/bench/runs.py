"""Made agent runs, healthy and with planted losses: `python -m tests.bench.runs [--held-out] [--show]`.

Five trades, four formats. The runs of even seeds are for development, those of odd ones are kept back (`--held-out`). Printed is the recall
of each kind of loss at the right turn, and how many warnings the healthy runs have.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ctxdebug.engine.run import RunOptions, run
from ctxdebug.engine.selection import Selection
from ctxdebug.engine.session.assembly import Session, sessions
from ctxdebug.engine.session.scope import of_runs
from ctxdebug.engine.session.survival import survival
from ctxdebug.model import Severity
from tests.runs import FORMATS, Made

PLANTED = ("instruction", "fact", "re-read", "loop", "cache")


@dataclass(frozen=True)
class Trade:
    """The words of one trade: what is asked, an instruction with what keeps and what breaks it, a fact, texts and summaries."""

    ask: str
    rule: str
    breaks: tuple[str, dict[str, str]]
    keeps: tuple[str, dict[str, str]]
    fact: str
    value: str
    reads: str
    line: str
    summary: str
    in_summary: str
    fails: tuple[str, dict[str, str], str]


TRADES = (
    Trade("Port the billing service to the new client.", "From now on, never touch migrations/.", ("edit", {"path": "migrations/0042.sql", "text": "x"}),
          ("edit", {"path": "src/client.py", "text": "x"}), "The customer number is {}.", "KX-4471{}", "src/billing_{}.py", "def charge_{0}(amount): return amount * {1}",
          "The user wants the billing service ported to the new client. Its parts were read; next the client is written.", "The folder migrations/ must never be touched.",
          ("run", {"command": "make test"}, "FAILED tests/test_bills.py::test_total - assert 3 == 4")),
    Trade("Translate the museum guide into simple German.", "For the whole conversation, never edit originals/.", ("write", {"file_path": "originals/room1.md", "content": "x"}),
          ("write", {"file_path": "german/room1.md", "content": "x"}), "The guide has to be ready by 2026-05-{}.", "2026-05-{}", "originals/room_{}.md", "Room {0} shows {1} paintings of the sea and two of the harbour.",
          "The user wants the museum guide in simple German. The rooms were read one by one, and the translation is under way.", "Never edit anything in originals/.",
          ("lint", {"file": "german/room1.md"}, "error: sentence 4 has 31 words")),
    Trade("Find out which greenhouse sensors drift.", "At no time may you run `rm`, in any form; never run rm.", ("bash", {"command": "rm -r log/"}),
          ("bash", {"command": "ls log/"}), "The reference sensor is number S-77{}.", "S-77{}", "log/sensor_{}.csv", "sensor {0}: mean {1}.4, spread 0.2, calibrated in week 9",
          "The user wants to know which sensors drift. All logs were read; the comparison is next.", "Never run rm.",
          ("query", {"sql": "select * from drift"}, "error: no such table: drift")),
    Trade("Prepare the tax papers of the club.", "From now on, never touch archive/.", ("edit", {"path": "archive/2019.ods", "text": "x"}),
          ("edit", {"path": "2026/list.ods", "text": "x"}), "The tax number is 143/82{}/11.", "143/82{}/11", "receipts/{}.txt", "Receipt {0}: {1}5 EUR for chairs, paid in cash",
          "The user wants the papers of the club prepared. The receipts were read and added up; the list is next.", "The archive/ folder must never be touched.",
          ("sum", {"column": "paid"}, "error: column 'paid' is empty")),
    Trade("Set up the training plan for the rowing team.", "From now on, never edit results/.", ("edit", {"path": "results/spring.csv", "text": "x"}),
          ("edit", {"path": "plan/week1.md", "text": "x"}), "The boat house opens at 05:4{} each day.", "05:4{}", "athletes/{}.json", "athlete {0}: {1} km a week, likes the early shift, back pain in winter",
          "The user wants a training plan. All athletes were read; now the weeks are planned.", "Never edit the files in results/.",
          ("render", {"plan": "week1"}, "error: week1 has no rest day")),
)  # fmt: skip
KEPT_BACK = (
    Trade("Clean up the address list of the choir.", "In all that follows, never edit backup/.", ("save", {"file": "backup/list.csv", "rows": "3"}),
          ("save", {"file": "work/list.csv", "rows": "3"}), "Rehearsals are in room B-20{}.", "B-20{}", "letters/{}.eml", "Letter {0}: please write my street with {1} and not in capitals",
          "Goal: a clean address list. Progress: all letters read, changes noted. Next: write the list.", "backup/ is never to be edited.",
          ("validate", {"list": "work/list.csv"}, "error: row 17 has no postcode")),
    Trade("Write the release notes of the video player.", "From here on, do not run `git push`, ever; never run git push.", ("shell", {"cmd": "git push origin main"}),
          ("shell", {"cmd": "git log -3"}), "The release is number 9.8.{}.", "9.8.{}", "changes/{}.txt", "change {0}: seeking is {1} ms faster on long films",
          "The assistant collects changes for release notes of a video player. Every change file has been looked at.", "Pushing with git push is forbidden.",
          ("build", {"target": "notes"}, "error: template notes.tmpl not found")),
    Trade("Plan the seed order of the nursery.", "For this whole conversation, never touch invoices/.", ("put", {"path": "invoices/7.pdf", "text": "x"}),
          ("put", {"path": "order/spring.md", "text": "x"}), "The budget is 6{}50 EUR.", "6{}50 EUR", "beds/{}.md", "bed {0}: {1} metres of beans, shade from noon",
          "A seed order is being planned; the beds were reviewed and their lengths are known.", "invoices/ must never be touched.",
          ("price", {"seed": "bean"}, "error: supplier does not answer")),
)  # fmt: skip
"""Trades for the runs that are kept back, written after everything that they judge."""


def made(seed: int, planted: str | None) -> tuple[Made, dict[str, int]]:
    """A run, and the turn at which each planted loss is."""
    chance = random.Random(seed)
    trades = KEPT_BACK if seed % 2 else TRADES
    trade = trades[seed // 2 % len(trades)]
    run_made, truth = Made(system=f"You help with this: {trade.ask}"), {}
    value = trade.value.format(chance.randint(0, 9))
    number = value[len(trade.value.partition("{")[0])]
    run_made.user(f"{trade.ask} {trade.rule} {trade.fact.format(number)}")
    parts = list(range(chance.randint(5, 9)))

    def read(part: int, *, cold: bool = False) -> int:
        text = "\n".join(
            trade.line.format(part, 3 + (part * 7 + row) % 29) + f" ({row})" for row in range(chance.randint(9, 14))
        )
        return run_made.call("read", {"path": trade.reads.format(part)}, text, cold=cold)

    for part in parts:
        read(part)
    if planted == "re-read":
        same = "\n".join(trade.line.format(40, row) for row in range(12))
        for count in range(4):
            truth["re-read"] = run_made.call("read", {"path": trade.reads.format(40)}, same)
            read(50 + count)
    if planted == "loop":
        name, arguments, result = trade.fails
        for _ in range(chance.randint(3, 5)):
            truth["loop"] = run_made.call(name, dict(arguments), result, failed=True)
    if planted == "cache":
        run_made.user("Read on. " + "There is a long list of what else is to be considered here. " * 700)
        read(60)
        truth["cache"] = read(61, cold=True)
        read(62)
    run_made.say("I have what I need and go on.")
    run_made.user("Good, go on.")
    keeps_rule, keeps_fact = planted != "instruction", planted != "fact"
    summary = " ".join(
        [
            trade.summary,
            *([trade.in_summary] if keeps_rule else []),
            *([trade.fact.format(number)] if keeps_fact else []),
        ]
    )
    after = run_made.compact(summary)
    for part in range(chance.randint(2, 4)):
        run_made.call(trade.keeps[0], {**trade.keeps[1], "note": str(part)}, f"written, version {part}")
    if planted == "instruction":
        truth["instruction"] = after
        truth["broken"] = run_made.call(trade.breaks[0], dict(trade.breaks[1]), "done")
    if planted == "fact":
        truth["fact"] = after
    run_made.say(f"It is done; {value} is noted." if planted == "fact" else "It is done.")
    return run_made, truth


def found(session: Session) -> set[tuple[str, int]]:
    """What ctxdebug says of a run: kinds of losses with their turns."""
    kinds = {
        "MEM106": "instruction",
        "LRC207": "instruction",
        "MEM110": "fact",
        "MEM207": "re-read",
        "CST107": "loop",
        "CST102": "cache",
    }
    said = {(kinds[finding.code], turn.number) for finding, turn in session.findings if finding.code in kinds}
    return said | {("broken", one.broken.number) for one in survival(session).instructions if one.broken is not None}


def main() -> int:
    """Make the runs, look at them, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--held-out", action="store_true")
    asked.add_argument("--show", action="store_true")
    given = asked.parse_args()
    options = RunOptions(steps=False, repeats=True, selection=of_runs(Selection()))
    hits: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    warnings, healthy = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(45):
            planted = PLANTED[number % 5] if number < 30 else None
            seed = 2 * number + given.held_out
            form = FORMATS[number // 5 % 4]
            run_made, truth = made(seed, planted)
            path = run_made.write(form, Path(folder) / f"{number}.jsonl")
            (session,) = sessions(run([str(path)], options, keep=True))
            said = found(session)
            for kind, turn in truth.items():
                all_of[kind] += 1
                hits[kind] += (kind, turn) in said
                if given.show and (kind, turn) not in said:
                    sys.stdout.write(f"missed {kind} at turn {turn}: {form}, seed {seed}; said {sorted(said)}\n")
            if planted is None:
                healthy += 1
                loud = [
                    (finding.code, turn.number)
                    for finding, turn in session.findings
                    if finding.severity >= Severity.WARNING
                ]
                loud += [
                    ("broken", one.broken.number) for one in survival(session).instructions if one.broken is not None
                ]
                warnings += len(loud)
                if given.show and loud:
                    sys.stdout.write(f"healthy {form}, seed {seed}: {loud}\n")
    for kind, number in sorted(all_of.items()):
        sys.stdout.write(f"{kind:<12} {hits[kind]} of {number} at the right turn\n")
    sys.stdout.write(f"recall {hits.total() / all_of.total():.3f} of {all_of.total()}\n")
    sys.stdout.write(f"healthy runs: {warnings} warnings in {healthy}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
