"""How the injection scorer does on sets that its model has not seen: `python -m tests.bench.injection FOLDER [--honest FOLDER …]`.

Each row is scored by a model trained without its set (template-seen: templates may be shared with another set), or
without its set and its template family (template-disjoint). Figures at the shipped threshold, at it or by a phrase, and at 1 %
alarms. Phrases are not learnt: they are the same for every row.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from ctxdebug.analysis.directives.cues import marks
from ctxdebug.analysis.directives.directive import Grade
from ctxdebug.analysis.directives.grading import addressee, grade
from ctxdebug.analysis.directives.layout import layout
from ctxdebug.analysis.directives.passages import found_in, merged, passages, read, worded
from ctxdebug.analysis.directives.quoting import Quoting
from ctxdebug.analysis.directives.scorer import FLOOR, Channel, Scored, weights
from ctxdebug.analysis.directives.units import Unit
from ctxdebug.analysis.directives.wording import instructions, said
from ctxdebug.model import Segment
from scripts.injection import learning
from scripts.injection.rows import Row, folds
from scripts.train_injection import Bench

FRAMED = (
    "ignore_previous",
    "important_instructions",
    "agentdojo:injecagent",
    "system_message",
    "enhanced",
    "trigger+task",
)
SHARED = {"agentdojo": "injecagent:d._enhanced", "injecagent": "agentdojo:injecagent"}
"""The override sentence that two sets share, by the set that is left out."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--honest", type=Path, nargs="*", default=())
    parser.add_argument("--channel", default="data", choices=("data", "user"))
    options = parser.parse_args()
    bench = Bench(options.folder, options.channel, options.honest)
    shipped = weights(Channel(options.channel)).threshold
    worded = np.array([any(instructions(said(row.text))) for row in bench.rows])
    for name, shared in (("template-seen", False), ("template-disjoint", True)):
        unit_score = _held_out(bench, disjoint=shared)
        best = learning.highest(bench.units, unit_score, len(bench.rows))
        if options.channel == "data":
            print(f"\n{name}, at the shipped threshold ({shipped:.2f}) or by a phrase")
            _table(bench, np.where(worded, np.inf, best), shipped)
        one = bench.honest_quantile(unit_score, 0.01)
        for label, threshold in (("at 1 % alarms", one), ("at the shipped threshold", shipped)):
            print(f"\n{name}, {label} ({threshold:.2f})")
            _table(bench, best, threshold)
            if options.channel == "data":
                print(
                    f"\n{name}, {label}, of these or a phrase what is a warning: framed, and not quoted or meant for a person"
                )
                warned = [_warned(bench, unit_score, row, threshold) for row in range(len(bench.rows))]
                _table(bench, np.array(warned, float), 1.0)
        print("top unit in the span", _localised(bench, unit_score))
        if options.channel == "user":
            break
    _speed("all texts", [row.text for row in bench.rows])
    honest = [row.text for row in bench.rows if not row.attack]
    _speed("honest texts in which nothing is found", [text for text in honest if not passages(text)])


def _held_out(bench: Bench, *, disjoint: bool) -> learning.Floats:
    result: learning.Floats = np.full(len(bench.units.row), FLOOR)
    for fold in folds(bench.rows):
        test = np.array([i in fold.test and bench.wanted(row) for i, row in enumerate(bench.rows)])
        if not test.any():
            continue
        train = fold.train
        if disjoint and fold.name in SHARED:
            train = frozenset(i for i in train if not re.match(SHARED[fold.name], bench.rows[i].family))
        mask = test[bench.units.row]
        result[mask] = learning.logits(bench.units.only(mask), *bench.fit(train))
    return learning.pooled(bench.units, result)


def _family(row: Row) -> str:
    if row.dataset == "bipia":
        end = row.spans[0][1]  # the order ends where the code to insert begins
        return "bipia:code" if row.text[end : end + 3] == "```" else f"bipia:task in a {row.channel}"
    return (
        "cyberseceval"
        if row.family.startswith("cse")
        else row.family.split(":")[0]
        if row.channel == "user"
        else row.family
    )


def _table(bench: Bench, best: learning.Floats, threshold: float) -> None:
    caught: dict[str, list[bool]] = defaultdict(list)
    sets: dict[str, list[bool]] = defaultdict(list)
    alarms: dict[str, list[bool]] = defaultdict(list)
    for row, score in zip(bench.rows, best, strict=True):
        if not bench.wanted(row):
            continue
        hit = bool(score >= threshold)
        if row.attack:
            caught[_family(row)].append(hit)
            sets[row.dataset].append(hit)
        else:
            alarms[f"{row.dataset} {row.channel}"].append(hit)
    for family, hits in sorted(caught.items()):
        print(f"  {family:40} {np.mean(hits):5.2f}  n={len(hits)}")
    for name, hits in sorted(alarms.items()):
        print(f"  alarms {name:33} {np.mean(hits):6.4f} n={len(hits)}")
    framed = [np.mean(hits) for family, hits in caught.items() if any(part in family for part in FRAMED)]
    every = [hit for hits in alarms.values() for hit in hits]
    print(
        f"  macro over sets {np.mean([np.mean(h) for h in sets.values()]):.3f} · framed {np.mean(framed) if framed else 0:.3f} · alarms {np.mean(every):.4f}"
    )


def _localised(bench: Bench, score: learning.Floats) -> dict[str, float]:
    top: dict[int, int] = {}
    for index, row in enumerate(bench.units.row):
        if int(row) not in top or score[index] > score[top[int(row)]]:
            top[int(row)] = index
    inside: dict[str, list[int]] = defaultdict(list)
    for row, index in top.items():
        if bench.rows[row].attack and bench.wanted(bench.rows[row]):
            inside[bench.rows[row].dataset].append(int(bench.units.label[index]))
    return {name: round(float(np.mean(hits)), 3) for name, hits in sorted(inside.items())}


def _warned(bench: Bench, score: learning.Floats, number: int, threshold: float) -> bool:
    """Whether a row would be a warning with these scores of its units."""
    first, last = np.searchsorted(bench.units.row, (number, number + 1))
    text = bench.rows[number].text
    quoting = Quoting(text, layout(text))
    scored: list[Scored] = []
    if score[first:last].max(initial=FLOOR) >= threshold:
        for index in range(first, last):
            start, end = (int(place) for place in bench.units.place[index])
            scored.append(Scored(Unit(start, end), float(score[index]), tuple(marks(text, start, end))))
    found = merged([*worded(text, Channel.DATA, quoting), *read(scored, threshold, quoting)])
    segment = cast("Segment", SimpleNamespace(text=text))  # its text is all that is looked at
    return any(grade(one, addressee(segment, one), None, None)[0] is Grade.FRAMED for one in found)


def _speed(name: str, texts: list[str]) -> None:
    passages("please ignore this")
    began = time.process_time()
    for text in texts:
        found_in(text, Channel.DATA, (), False)
    size = sum(map(len, texts)) / 1e6
    print(f"{name}: {size:.1f} MB, {size / (time.process_time() - began):.2f} MB/s, one core, no numpy")


if __name__ == "__main__":
    main()
