"""Planted losses: real recorded requests, each with one part taken away from what the provider counted.

    python -m tests.bench.planted_losses DATA [--show]

For every format: how often a loss beyond the band is found, and how often its part is named.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.budget.prompt import counted
from ctxdebug.analysis.truncation.loss import Loss
from ctxdebug.analysis.truncation.missing_part import PartKind, _candidates, _without
from ctxdebug.analysis.truncation.provider_cut import least_read
from ctxdebug.model import Snapshot
from ctxdebug.tokens.memo import Memo
from tests.bench.truncation import snapshots, with_prompt

FORMATS = ("openai.chat", "openai.responses", "anthropic.messages", "google.generate_content", "bedrock.converse")
EACH = 15
"""Losses of one kind that are planted in one format."""
LEAST = 40
"""Tokens of a planted part."""
KINDS = frozenset({PartKind.SYSTEM, PartKind.TOOLS, PartKind.OLDER, PartKind.NEWEST, PartKind.DOCUMENT, PartKind.MEDIA})


def planted(analysis: Analysis, taken: Counter[tuple[str, PartKind]]) -> Iterator[tuple[PartKind, str, Snapshot, int]]:
    """(kind, the part's name, the exchange as the provider would then have counted it, the part's tokens)."""
    snapshot, sent = analysis.snapshot, analysis.prompt.total.value
    assert snapshot.usage is not None
    for candidate in _candidates(analysis):
        key = (snapshot.format, candidate.kind)
        if candidate.kind not in KINDS or taken[key] >= EACH:
            continue
        left = counted(_without(snapshot, candidate), analysis.model, analysis.options).total.value
        tokens = round((snapshot.usage.prompt or 0) * left / max(1, sent))
        if sent - left >= LEAST and left > 0:
            taken[key] += 1
            yield candidate.kind, candidate.what, with_prompt(snapshot, tokens), sent - left
            return


def main(folder: str, show: bool = False) -> None:
    """Print recall beyond the band and the share of parts that are named right."""
    options = AnalysisOptions(memo=Memo())
    taken: Counter[tuple[str, PartKind]] = Counter()
    found: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    beyond: Counter[tuple[str, str]] = Counter()
    for snapshot in snapshots(Path(folder)):
        if snapshot.format not in FORMATS or len(snapshot.messages) < 2:
            continue
        analysis = Analysis(snapshot, options)
        if not analysis.prompt.estimable or isinstance(analysis.truncation, Loss):
            continue
        for kind, what, cut, _ in planted(analysis, taken):
            assert cut.usage is not None
            loss = Analysis(replace(cut), options).truncation
            hit = isinstance(loss, Loss)
            named = isinstance(loss, Loss) and any(part.what == what for part in loss.parts)
            key = (cut.format, kind.name)
            found[key].append((hit, named))
            beyond[key] += (cut.usage.prompt or 0) < least_read(analysis.prompt.total)
            if show and hit and not named:
                print(cut.path, cut.format, what, "->", loss.matching if isinstance(loss, Loss) else loss)
    print(f"{'format':<26}{'part':<12}{'n':>4}{'beyond':>8}{'found':>7}{'named':>7}")
    for (form, kind_name), pairs in sorted(found.items()):
        hits, named_right = (sum(pair[at] for pair in pairs) for at in (0, 1))
        print(f"{form:<26}{kind_name:<12}{len(pairs):>4}{beyond[form, kind_name]:>8}{hits:>7}{named_right:>7}")
    every = [pair for pairs in found.values() for pair in pairs]
    hits, named_right = (sum(pair[at] for pair in every) for at in (0, 1))
    print(f"planted {len(every)}, beyond the band {sum(beyond.values())}, found {hits}, named {named_right}")


if __name__ == "__main__":
    main(sys.argv[1], "--show" in sys.argv)
