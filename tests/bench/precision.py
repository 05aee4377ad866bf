"""Sample findings for judging: `python tests/bench/precision.py DATA [--select MEM1,LRC103] [--most 30]`, DATA a folder of captures.

The sample is the same on every run: findings of one rule that stand on the same words count once, and the folders or files
they come from take turns, so that one long session does not speak for all. Each is printed with the words around it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.engine.selection import Selection
from ctxdebug.model import Finding, Problem
from ctxdebug.text.printable import clean_line

_AROUND = 120
"""Characters shown on either side of a quotation."""
_QUOTED = 240


@dataclass(frozen=True, slots=True)
class Sample:
    """A finding with the data set that it is from, and its words in their surroundings."""

    dataset: str
    finding: Finding
    words: tuple[str, ...]
    about: str


def main() -> None:
    """Run the rules, and print the count and the sample of each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", nargs="+", help="captures, or folders of captures")
    asked.add_argument("--select", default="MEM1,MEM2,MEM3,CST,LRC101,LRC102,LRC103,LRC104,LRC105")
    asked.add_argument("--most", type=int, default=30, help="findings shown per rule")
    asked.add_argument("--pedantic", action="store_true")
    given = asked.parse_args()
    by_rule: dict[str, dict[str, Sample]] = defaultdict(dict)
    exchanges: Counter[str] = Counter()

    def watch(examined: Examined | Problem) -> None:
        if isinstance(examined, Problem):
            return
        exchanges[_dataset(examined.snapshot.path)] += 1
        for finding in examined.findings:
            by_rule[finding.code].setdefault(finding.fingerprint, _sample(examined, finding))

    run(
        given.data,
        RunOptions(selection=Selection(tuple(given.select.split(","))), pedantic=given.pedantic),
        watch=watch,
    )
    sys.stdout.write(f"{sum(exchanges.values())} exchanges of {len(exchanges)} data sets\n")
    for code, found in sorted(by_rule.items()):
        _tell(code, list(found.values()), given.most)


def _dataset(path: str) -> str:
    parts = Path(path).parts
    return parts[parts.index("raw") + 1] + " (raw)" if "raw" in parts[:-1] else Path(path).stem


def _sample(examined: Examined, finding: Finding) -> Sample:
    snapshot = examined.snapshot
    segments = {segment.id: segment for segment in (*snapshot.segments(), *snapshot.answer_segments())}
    words = []
    for exhibit in finding.evidence:
        segment = segments.get(exhibit.segment or "")
        text = segment.text if segment is not None and exhibit.pointer.startswith(finding.pointer) else ""
        before, after = text[max(0, exhibit.start - _AROUND) : exhibit.start], text[exhibit.end : exhibit.end + _AROUND]
        quoted = exhibit.text if len(exhibit.text) <= _QUOTED else f"{exhibit.text[:_QUOTED]} …({len(exhibit.text):,})"
        line = exhibit.place.line if exhibit.place else "?"
        words.append(f"{exhibit.segment or exhibit.pointer} line {line} [{exhibit.note}] {before}⟦{quoted}⟧{after}")
    finish = snapshot.finish.captured if snapshot.finish else None
    about = f"{snapshot.format} {snapshot.model} host={examined.analysis.host} {len(snapshot.messages)} messages finish={finish} error={snapshot.error.message[:80] if snapshot.error else None} session={snapshot.session}"
    return Sample(_dataset(finding.path), finding, tuple(words), about)


def _tell(code: str, samples: list[Sample], most: int) -> None:
    spread = Counter(sample.dataset for sample in samples)
    told = Counter((sample.finding.severity.word, sample.finding.confidence.word) for sample in samples)
    sys.stdout.write(f"\n=== {code}: {len(samples)} distinct; {dict(spread)}; {dict(told)}\n")
    for number, sample in enumerate(_chosen(samples, most), 1):
        finding = sample.finding
        sys.stdout.write(
            f"\n{code} #{number} {finding.severity.word}/{finding.confidence.word} {finding.path}{finding.pointer}\n"
        )
        for line in (sample.about, finding.message, *sample.words):
            sys.stdout.write(f"    {clean_line(line)}\n")


def _chosen(samples: Iterable[Sample], most: int) -> Iterator[Sample]:
    """Take the data sets in turn, and within each in the order of a digest."""
    waiting: dict[str, list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda sample: hashlib.sha256(sample.finding.fingerprint.encode()).digest()):
        waiting[sample.dataset].append(sample)
    while waiting and most > 0:
        for name in sorted(waiting):
            if most > 0:
                yield waiting[name].pop(0)
                most -= 1
            if not waiting[name]:
                del waiting[name]


if __name__ == "__main__":
    main()
