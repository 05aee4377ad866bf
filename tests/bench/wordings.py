"""Measure whether a search for wordings stays linear on hostile text: `python -m tests.bench.wordings`.

Each label is searched in texts that repeat what its own examples begin with, and runs of blanks, letters, digits and
signs, at one length and at eight times that. What grows with the square of it takes 64 times as long, what is linear 8.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator

import ctxdebug.analysis
import ctxdebug.rules
from ctxdebug.text.wordings import fragments_of, wording_file, wording_source, wording_topics

SHORT, TIMES = 2_000, 8
LEAST = 0.004
"""CPU seconds on the long text below which nothing is compared."""
MOST = 24
"""Growth from which a search is not linear: half way between 8 and 64, by their logarithms."""


def labels() -> Iterator[tuple[str, str, re.Pattern[str], list[str]]]:
    """Yield every label that is used: topic, label, pattern and examples."""
    for package in (ctxdebug.analysis, ctxdebug.rules):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for topic in wording_topics():
        for label, wordings in wording_file(topic).labels.items():
            source = wording_source(topic, label, **fragments_of(topic, label))
            yield topic, label, re.compile(source, re.IGNORECASE), [text for one in wordings for text in one.examples]


def hostile(examples: list[str], size: int) -> Iterator[str]:
    """Yield texts of a size on which a pattern may search in vain."""
    for unit in (" ", "a", "7", "a ", "7 ", "-", ", a", "\n"):
        yield (unit * size)[:size] + "\x00"
    for example in examples[:4]:
        words = example.split()
        for part in {" ".join(words[: len(words) // 2]), words[0]}:
            yield (f"{part} " * size)[:size] + "\x00"
            yield part + " " * size + "\x00"


def cost(pattern: re.Pattern[str], text: str) -> float:
    """CPU seconds of a whole search."""
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started


def main() -> int:
    """Print every label that grows faster than its text; 1 when there is one."""
    found = 0
    for topic, label, pattern, examples in labels():
        for short, long in zip(hostile(examples, SHORT), hostile(examples, SHORT * TIMES), strict=False):
            taken = cost(pattern, long)
            if taken < LEAST:
                continue
            growth = taken / max(min(cost(pattern, short) for _ in range(3)), 1e-6)
            if growth > MOST:
                found += 1
                print(f"{topic}: {label}: {growth:.0f} times as long ({taken:.3f} s) on {long[:40]!r}")
                break
    print(f"{found} labels grow faster than their text")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
