"""Fit the weights and bands of the prompt estimates on recorded usage, and write `accounts/estimates.json`.

    python scripts/estimates.py DATA        # the folder with token_truth.jsonl and the record files

Weights are fitted by least absolute deviation, held near a prior that says what is known of the template; the band is
the error on sources that a fit had not seen (each source left out in turn). Needs numpy, which ctxdebug does not.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ctxdebug.tokens.accounting import counter, identity
from ctxdebug.tokens.accounts.measures import compact
from scripts.estimate_families import (
    ALIKE,
    BOUNDS,
    CLAUDE,
    CLOSE,
    FAMILIES,
    HOSTED,
    MAY_ADD,
    MAY_GAIN,
    MAY_LACK,
    SHARED,
    SHOWN,
    UNKNOWN,
    UNSHOWN,
    Prior,
)
from tests.bench.recorded import Recorded, memo, recorded

TARGET = Path(__file__).parent.parent / "ctxdebug" / "tokens" / "accounts" / "estimates.json"
QUANTILE = 0.975
WIDEN = 1.2
LONG = 200
"""Tokens. Prompts from here on tell the share of a band, shorter ones its fixed part."""
SHARES = (0.06, 0.15)
"""The narrowest share, and the one that is taken where fewer than `FEW` long prompts were seen."""
FIXED = (4.0, 25.0)
"""As above, for the fixed part, in tokens."""
GROWTH = "growth"
"""The kind of rows that are no whole prompt: they teach weights, and no band."""
FEW = 8
"""Fewer prompts than this give no band of their own kind."""
THIN = 3
"""Sources. A kind of prompt that fewer sources show has the wider band `THIN_BAND` at least, below."""
THIN_BAND = (12.0, 0.25)


@dataclass(frozen=True, slots=True)
class Row:
    """What a fit needs of a recorded prompt, or of the growth from one turn of a session to the next."""

    source: str
    kind: str
    tokenizer: str
    model: str
    host: str
    terms: Mapping[str, float]
    truth: int


def row_from(found: Recorded) -> Row:
    """A recorded prompt as a row."""
    return Row(found.source, found.kind, found.tokenizer, found.model, found.host, found.terms, found.truth)


def growths(folder: Path) -> Iterator[Row]:
    """Turns of coding agent sessions (pi): what a prompt grew by, and the messages that it grew by.

    Their system prompt and tools are not recorded, but they cancel out; and they are long, which the rest is not.
    """
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if '"pi.session"' in line:
                record = json.loads(line)
                if record["format"] == "pi.session":
                    yield from _growths(record["source"], record["request"]["_lines"])
    memo().flush()


def _growths(source: str, lines: list[Any]) -> Iterator[Row]:
    terms, before = Counter[str](), 0
    for line in lines:
        message = line.get("message")
        if not isinstance(message, dict):
            before = before if line.get("type") == "session" else 0
            continue
        if message["role"] == "assistant":
            usage = message["usage"]
            now = usage["input"] + usage["cacheRead"] + usage["cacheWrite"]
            if 0 < before < now and not terms["other"]:
                model, tokenizer = identity(message["model"], None)
                yield Row(source, GROWTH, tokenizer or "", model, message["provider"], dict(terms), now - before)
            before = now if message.get("stopReason") in {"toolUse", "stop"} else 0
            terms = Counter({"messages": 2})
        terms.update(_terms_of(message))


def _terms_of(message: Mapping[str, Any]) -> Counter[str]:
    counting, found = counter("o200k_base", memo()), Counter[str]()
    count = counting.count
    result = message["role"] == "toolResult"
    found["results"] += result
    content = message["content"]
    for block in content if isinstance(content, list) else [{"type": "text", "text": content}]:
        if block["type"] == "text":
            found["rare"] += counting.rare(block["text"])
            found["result" if result else "text"] += count(block["text"])
        elif block["type"] == "toolCall":
            found["calls"] += 1
            found["called"] += count(block["name"]) + count(compact(block["arguments"]))
            found["arguments"] += len(block["arguments"])
        else:
            found["other"] += 1
    return found


def fitted(rows: list[Row], prior: Prior) -> dict[str, float]:
    """Weights that leave the least absolute error, relative to the prompt, near the prior; none below zero."""
    names = list(prior)
    terms = np.array([[float(row.terms.get(name, 0)) for name in names] for row in rows])
    truth = np.array([float(row.truth) for row in rows])
    mean, spread = (np.array([prior[name][part] for name in names], float) for part in (0, 1))
    copies = Counter((tuple(line), value) for line, value in zip(terms.tolist(), truth, strict=True))
    share = np.array([copies[tuple(line), value] ** -0.5 for line, value in zip(terms.tolist(), truth, strict=True)])
    share /= 0.02 * truth + 2
    least, most = (np.array([BOUNDS.get(name, (0.0, np.inf))[end] for name in names]) for end in (0, 1))
    weights = mean.copy()
    for _ in range(60):
        weight = share * share / np.maximum(np.abs(truth - terms @ weights) * share, 0.05)
        left = (terms * weight[:, None]).T @ terms + np.diag(1 / spread**2)
        right = (terms * weight[:, None]).T @ truth + mean / spread**2
        weights = _bounded(left, right, least, most)
    return {name: round(float(value), 3) for name, value in zip(names, weights, strict=True) if value > 0.0005}


def _bounded(left: Any, right: Any, least: Any, most: Any) -> Any:
    """Solve, hold what leaves its bounds at them, and solve again for the rest."""
    free = np.ones(len(right), dtype=bool)
    weights = np.linalg.solve(left, right)
    for _ in range(len(right)):
        held = np.clip(weights, least, most)
        if np.array_equal(held[free], weights[free]):
            break
        free &= held == weights
        weights = held
        if free.any():
            rest = right[free] - left[np.ix_(free, ~free)] @ weights[~free]
            weights[free] = np.linalg.solve(left[np.ix_(free, free)], rest)
    return np.clip(weights, least, most)


def predicted(weights: dict[str, float], row: Row) -> float:
    """The estimate."""
    return sum(weight * float(row.terms.get(name, 0)) for name, weight in weights.items())


def held_out(rows: list[Row], prior: Prior, alike: list[Row]) -> list[float]:
    """For each row, the estimate of a fit that saw no row of its source."""
    found = {}
    for source in {row.source for row in rows}:
        others = [row for row in rows if row.source != source]
        own = shared(prior, [row for row in alike if row.source != source])
        found[source] = fitted(others, own) if others else {name: mean for name, (mean, _) in own.items()}
    return [predicted(found[row.source], row) for row in rows]


def band(pairs: list[tuple[Row, float]]) -> list[list[float]]:
    """(fixed, share) below and above: how far recorded values lie from `fixed + share * estimate`."""
    off = np.array([row.truth - value for row, value in pairs])
    size = np.array([value for _, value in pairs])
    return [side(np.maximum(0, -off), size), side(np.maximum(0, off), size)]


def side(off: Any, size: Any) -> list[float]:
    """One side of a band: the share from long prompts, then what short ones need besides."""
    long = size >= LONG
    share = (
        max(SHARES[0], float(np.quantile(off[long] / size[long], QUANTILE)) * WIDEN) if sum(long) >= FEW else SHARES[1]
    )
    fixed = float(np.quantile(np.maximum(0, off - share * size), QUANTILE)) * WIDEN
    return [round(max(fixed, FIXED[0] if len(size) >= FEW else FIXED[1]), 1), round(min(share, 1.0), 3)]


def row_of(spec: tuple[str, str, str, str, Prior], rows: list[Row], date: str, alike: list[Row]) -> dict[str, Any]:
    """One family's row of the table; `alike` are the rows of all families that share its vocabulary."""
    name, tokenizer, model, host, prior = spec
    made: dict[str, Any] = {"name": name, "tokenizer": tokenizer}
    made |= {
        key: value
        for key, value in (
            ("model", model),
            ("host", host),
            ("may_lack", MAY_LACK.get(name)),
            ("may_gain", MAY_GAIN.get(name)),
        )
        if value
    }
    if not rows:
        weights = {term: mean for term, (mean, _) in prior.items() if mean}
        return {
            **made,
            "may_lack": {**_tools(weights), **made.get("may_lack", {})},
            "weights": weights,
            "band": _unshown(name, {"all": [_thin([FIXED[1], SHARES[1]]), [FIXED[1], SHARES[1]]]}, {}),
            "evidence": {"n": 0, "date": date},
        }
    estimates = held_out(rows, prior, alike)
    pairs = [(row, value) for row, value in zip(rows, estimates, strict=True) if row.kind != GROWTH]
    bands, shown = {"all": band(pairs)}, dict[str, int]()
    for kind in sorted({row.kind for row, _ in pairs}):
        chosen = [(row, value) for row, value in pairs if row.kind == kind]
        if len(chosen) >= FEW:
            bands[kind] = band(chosen)
        shown[kind] = len({row.source for row, _ in chosen})
        if kind in bands and shown[kind] < THIN:
            bands[kind][0] = _thin(bands[kind][0])
    if len({row.source for row, _ in pairs}) < THIN:
        bands["all"][0] = _thin(bands["all"][0])
    errors = [abs(row.truth - value) / row.truth for row, value in pairs]
    evidence = {
        "n": len(pairs),
        "date": date,
        "sources": dict(Counter(row.source for row in rows).most_common()),
        "shown_by": shown,
        "held_out_error": {
            "median": round(float(np.median(errors)), 3),
            "p95": round(float(np.quantile(errors, 0.95)), 3),
        },
    }
    if tokenizer == "*":
        bands = UNKNOWN
    elif tokenizer not in HOSTED:
        bands = _unshown(name, bands, shown)
    weights = fitted(rows, shared(prior, alike))
    if tokenizer not in HOSTED and shown.get("tools", 0) < THIN:
        made["may_lack"] = {**_tools(weights), **made.get("may_lack", {})}
    return {**made, "weights": weights, "band": bands, "evidence": evidence}


def _unshown(name: str, bands: dict[str, Any], shown: Mapping[str, int]) -> dict[str, Any]:
    """Widen the upper side of the kinds of prompts that too few sources show: the server's template may add what it likes."""
    added = {**UNSHOWN, **MAY_ADD.get(name, {})}
    wider = {}
    for kind in added.keys() | bands.keys():
        below, (fixed, share) = bands.get(kind) or bands["all"]
        more = added[kind] if kind in added and shown.get(kind, 0) < SHOWN else 0.0
        wider[kind] = [below, [max(fixed, more), share]]
    return dict(sorted(wider.items()))


def _thin(side: list[float]) -> list[float]:
    """The lower side of a band that few sources show."""
    return [max(pair) for pair in zip(side, THIN_BAND, strict=True)]


def _tools(weights: dict[str, float]) -> dict[str, float]:
    """What a server that renders tools in another way, or not at all, leaves out of the estimate."""
    return {name: weights[name] for name in ("tooled", "tools", "declared", "words") if name in weights}


def rows_in(data: Path) -> list[Row]:
    """Everything in a data folder that a fit can learn from."""
    rows = [row_from(row) for row in recorded(data) if row.countable and row.rule.startswith("estimate")]
    return rows + list(growths(data))


def families_of(rows: list[Row]) -> list[dict[str, Any]]:
    """Fit every family; each row teaches the first family that it fits."""
    left, taught = list(rows), []
    date = dt.datetime.now(tz=dt.UTC).date().isoformat()
    for spec in FAMILIES:
        _, tokenizer, model, host, _ = spec
        chosen = [
            row
            for row in left
            if tokenizer in {"*", row.tokenizer} and re.search(model, row.model) and re.search(host, row.host)
        ]
        taken = set(map(id, chosen))
        left = [row for row in left if id(row) not in taken]
        taught.append((spec, chosen))
    alike = [row for spec, chosen in taught if spec[0] in ALIKE for row in chosen]
    return [row_of(spec, chosen, date, alike if spec[0] in ALIKE else []) for spec, chosen in taught]


def shared(prior: Prior, alike: list[Row]) -> Prior:
    """Return a family's prior once the families like it have been seen."""
    if not alike:
        return prior
    weights = fitted(alike, CLAUDE)
    return {**prior, **{name: (weights.get(name, 0.0), CLOSE * prior[name][1]) for name in SHARED if name in prior}}


def main() -> None:
    """Fit every family and write the table."""
    parser = argparse.ArgumentParser(description="fit the prompt estimates")
    parser.add_argument("data", type=Path, help="folder with token_truth.jsonl and the record files")
    families = families_of(rows_in(parser.parse_args().data))
    for family in families:
        evidence = family["evidence"]
        print(f"{family['name']:28} n={evidence['n']:4} {evidence.get('held_out_error', '')} {family['band']}")
    about = "Written by scripts/estimates.py; do not edit. Weights times terms (measures.py) give a prompt; bands are (fixed, share)."
    TARGET.write_text(json.dumps({"about": about, "families": families}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
