"""Measure what is not typed: `python -m tests.bench.opaque [FOLDER]`, by default over `fixtures/`.

Printed is, for every wire format, the characters of text in segments, the share of them that is opaque (its kind is not known, or it is encrypted), and the number of
places that are told as not understood; the worst first.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Kind, Snapshot

_LARGE = 5_000_000
"""Bytes; larger files are left out."""


def main() -> None:
    """Print a row for every format, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "fixtures")
    total: Counter[str] = Counter()
    opaque: Counter[str] = Counter()
    untold: Counter[str] = Counter()
    snapshots: Counter[str] = Counter()
    for path in sorted(parser.parse_args().folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > _LARGE:
            continue
        for one in load(Source(str(path)), LoadOptions()):
            if not isinstance(one, Snapshot):
                continue
            snapshots[one.format] += 1
            untold[one.format] += len(one.not_understood)
            for segment in (*one.segments(), *one.answer_segments()):
                total[one.format] += len(segment.text)
                opaque[one.format] += len(segment.text) * (segment.kind is Kind.OPAQUE)
    print(f"{'format':<28}{'exchanges':>10}{'characters':>14}{'opaque':>10}{'not understood':>16}")
    for form in sorted(snapshots, key=lambda name: (-opaque[name] / max(1, total[name]), name)):
        share = opaque[form] / max(1, total[form])
        print(f"{form:<28}{snapshots[form]:>10,}{total[form]:>14,}{share:>10.3%}{untold[form]:>16,}")
    share = opaque.total() / max(1, total.total())
    print(f"{'all':<28}{snapshots.total():>10,}{total.total():>14,}{share:>10.3%}{untold.total():>16,}")


if __name__ == "__main__":
    main()
