"""Silent truncation: real recorded requests, as they are and as a server would have cut them.

    python -m tests.bench.truncation DATA

Every exchange whose prompt can be counted is checked untouched (each alarm is a false one), and again with the
usage that each policy would have left: the oldest messages dropped, half of a window kept, the front cut. What the
policy leaves out is counted by the account, scaled to what the provider recorded.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.truncation.loss import Loss
from ctxdebug.analysis.truncation.provider_cut import truncation
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Role, Snapshot
from ctxdebug.tokens.memo import Memo

_SHORTEST = 100
"""Tokens. A shorter prompt is cut by nobody."""
_SHARES = (0.1, 0.2, 0.3, 0.5)


def snapshots(folder: Path) -> Iterator[Snapshot]:
    """Every recorded exchange of the dev records with a request and a prompt count."""
    for path in sorted(folder.glob("captures/*.jsonl")) or sorted(folder.glob("*.jsonl")):
        if path.name == "token_truth.jsonl":
            continue
        for loaded in load(Source(str(path)), LoadOptions()):
            if isinstance(loaded, Snapshot) and loaded.usage and loaded.usage.prompt and loaded.request is not None:
                yield loaded


def with_prompt(snapshot: Snapshot, tokens: int) -> Snapshot:
    """The same exchange, had the provider read `tokens`."""
    assert snapshot.usage is not None
    return replace(snapshot, usage=replace(snapshot.usage, prompt=tokens))


def cuts(analysis: Analysis) -> Iterator[tuple[str, float, int]]:
    """(policy, share lost, tokens left) for every way in which a server may cut this prompt."""
    snapshot, prompt = analysis.snapshot, analysis.prompt
    assert snapshot.usage is not None
    recorded = snapshot.usage.prompt or 0
    scale = recorded / max(1, prompt.total.value)
    lost = 0.0
    movable = [message for message in snapshot.messages[:-1] if message.role is not Role.SYSTEM]
    for message in movable:
        lost += scale * sum(prompt.segments[segment.id].value for segment in message.segments)
        if lost >= 0.1 * recorded:
            yield "oldest messages", lost / recorded, round(recorded - lost)
    for share in _SHARES:
        yield "front cut", share, round(recorded * (1 - share))
    window = 1 << (recorded.bit_length() - 1)
    if window // 2 + 2 < recorded:
        yield "half a window", 1 - (window // 2 + 2) / recorded, window // 2 + 2


def main(folder: str) -> None:
    """Print false alarms, and recall by kind of count, policy and share."""
    options = AnalysisOptions(memo=Memo())
    seen: dict[str, int] = defaultdict(int)
    alarms: list[str] = []
    found: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for snapshot in snapshots(Path(folder)):
        analysis = Analysis(snapshot, options)
        if not analysis.prompt.estimable:
            seen["not estimable"] += 1
            continue
        kind = "exact" if analysis.prompt.total.exact else "estimate"
        seen[kind] += 1
        if isinstance(truncation(analysis), Loss):
            alarms.append(f"{snapshot.path} {snapshot.pointer}")
            continue
        if snapshot.usage and (snapshot.usage.prompt or 0) >= _SHORTEST:
            for policy, share, left in cuts(analysis):
                cut = Analysis(with_prompt(snapshot, left), options)
                vars(cut)["prompt"] = analysis.prompt
                band = (
                    "10-20 %"
                    if share < 0.2
                    else "20-30 %"
                    if share < 0.3
                    else "30-50 %"
                    if share < 0.5
                    else "50 % and more"
                )
                found[kind, policy, band].append(isinstance(truncation(cut), Loss))
    print("exchanges:", dict(seen))
    print("false alarms on untouched exchanges:", len(alarms), *alarms[:10], sep="\n  ")
    print(f"\n{'count':<10}{'policy':<18}{'lost':<16}{'n':>7}{'recall':>9}")
    for (kind, policy, band), hits in sorted(found.items()):
        print(f"{kind:<10}{policy:<18}{band:<16}{len(hits):>7}{sum(hits) / len(hits):>9.3f}")
    for kind in ("exact", "estimate"):
        hits = [hit for (one, _, _), held in found.items() if one == kind for hit in held]
        if hits:
            print(f"{kind:<10}{'all':<34}{len(hits):>7}{sum(hits) / len(hits):>9.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
