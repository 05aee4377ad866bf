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
HOSTED = frozenset({"claude", "gemini", "nova"})
"""Families whose own vendor renders the tools, always; with open weights a server's template may leave them out."""
BOUNDS = {"text": (0.8, 1.75), "result": (0.5, 1.75), "called": (0.4, 2.0)}
"""What a vocabulary can do to ordinary text, against o200k: a weight outside is the fault of a few odd rows."""

UNKNOWN = {"all": [[30.0, 0.2], [300.0, 0.6]]}
"""The band where not even the vocabulary is known. Above: by reason, a template may add much. Below: no family's recorded prompts of 20
tokens of text and more lie under .87 of the text's o200k tokens (31 families), and SmolLM2's, on a server of our own, not under .95."""

MAY_LACK = {
    "claude 4.5": {"tooled": 235.0, "adaptive": 16.0},
    "llama 4": {"tooled": 640.0},
    "llama 3.1 to 3.3": {"tooled": 90.0},
    "grok": {"one": 120.0, "tooled": 150.0},
    "deepseek": {"tooled": 200.0},
    "unknown": {"tooled": 60.0, "tools": 8.0, "declared": 0.7},
    "qwen": {"tooled": 230.0},
    "cohere": {"tooled": 450.0},
    "gemini, counted as words": {"words": 0.6},
}
"""What was seen to be there or not, with no reason that a request tells: a hidden tool prompt that came with a date or a
host. The band reaches down to its absence."""

Prior = dict[str, tuple[float, float]]
CLAUDE: Prior = {"one": (3, 1), "messages": (4, 0.5), "text": (1.15, 0.05), "tagged": (1.15, 0.01),
    "thoughts": (1.1, 0.2), "calls": (38, 15),
    "called": (1.15, 0.1), "arguments": (8, 5), "results": (5, 5), "result": (1.2, 0.05), "tooled": (330, 150), "tools": (3, 10),
    "declared": (1.15, 0.2), "forced": (0, 50), "thinking": (28, 10), "adaptive": (8, 6), "schemas": (190, 60), "schema": (1.1, 0.3)}  # fmt: skip
OPEN: Prior = {"one": (5, 20), "systems": (4, 2), "turns": (5, 2), "text": (1.05, 0.04), "tagged": (0, 0.01),
    "thoughts": (0.6, 0.4), "calls": (12, 10),
    "called": (1.1, 0.3), "results": (5, 5), "result": (1.1, 0.2), "tooled": (60, 80), "tools": (8, 10), "declared": (1.05, 0.3),
    "schemas": (5, 10), "schema": (0.3, 0.3)}  # fmt: skip
GEMINI: Prior = {"one": (0.5, 0.5), "systems": (0.5, 0.5), "messages": (0.2, 0.3), "text": (1.02, 0.05), "tagged": (1.02, 0.01),
    "thoughts": (1, 0.2),
    "past_thoughts": (1, 0.2),
    "calls": (4, 5), "called": (1, 0.3), "arguments": (2, 4), "results": (4, 5), "result": (1, 0.2),
    "tooled": (8, 6), "tools": (2, 5), "declared": (1, 0.3), "words": (0.2, 0.3), "properties": (3, 5)}  # fmt: skip
VERTEX: Prior = {"one": (0, 0.3), "text": (1, 0.05), "tagged": (1, 0.01),
    "thoughts": (1, 0.2), "past_thoughts": (1, 0.2), "called": (0.6, 0.3),
    "arguments": (1, 1), "results": (1, 1), "result": (0.9, 0.2), "calls": (1, 2), "words": (1, 0.2), "tools": (1, 1)}  # fmt: skip
NOVA: Prior = {"one": (0, 0.3), "turns": (3, 2), "text": (1.02, 0.02), "tagged": (1.02, 0.01),
    "calls": (30, 20), "called": (1.1, 0.3), "results": (5, 5),
    "result": (1.1, 0.2), "tooled": (350, 100), "tools": (10, 20), "declared": (1.1, 0.3), "forced": (0, 50), "schemas": (50, 100),
    "schema": (1, 0.5)}  # fmt: skip

FAMILIES: list[tuple[str, str, str, str, Prior]] = [
    ("claude 3 sonnet", "claude", r"claude-3-sonnet", "", {**CLAUDE, "tooled": (160, 15), "forced": (76, 20)}),
    ("claude 3 opus", "claude", r"claude-3-opus", "", {**CLAUDE, "tooled": (530, 20), "forced": (0, 20)}),
    (
        "claude 3 haiku",
        "claude",
        r"claude-3(-5)?-haiku|claude-3\.5-haiku",
        "",
        {**CLAUDE, "tooled": (264, 15), "forced": (76, 20)},
    ),
    ("claude 3.5", "claude", r"claude-(v2|2|instant|3-5|3\.5)", "", {**CLAUDE, "tooled": (300, 30)}),
    (
        "claude 4",
        "claude",
        r"claude-3[-.]7|claude-(sonnet|opus)-4(-0|-1|-20|$)|claude-(sonnet|opus)-4[.-]1",
        "",
        CLAUDE,
    ),
    ("claude 4.5", "claude", r"claude-(sonnet|haiku|opus)-4[.-][56]", "", CLAUDE),
    ("claude 5", "claude", "", "", {**CLAUDE, "text": (1.4, 0.1), "thinking": (10, 15), "past_thoughts": (1.1, 0.2)}),
    ("gemini, counted as words", "gemini", "", r"vertex|aiplatform|vercel|publishers/|gemini-(1|2\.0)", VERTEX),
    ("gemini 2.5", "gemini", r"gemini-2\.5", "", GEMINI),
    ("gemini 3", "gemini", "", "", {**GEMINI, "declared": (1.3, 0.3), "properties": (8, 5), "described": (6, 6)}),
    ("titan by converse", "nova", "titan", "/converse", {"one": (3, 0.5), "turns": (3, 2), "text": (1.02, 0.05)}),
    ("titan", "nova", "titan", "", {"one": (0, 0.5), "turns": (3, 2), "text": (1.02, 0.05)}),
    ("nova", "nova", "", "", NOVA),
    ("magistral", "mistral", "magistral", "", {**OPEN, "one": (300, 200), "text": (1.12, 0.05)}),
    ("mistral 7b", "mistral", "mistral-7b|mixtral", "", {**OPEN, "one": (8, 2), "text": (1.12, 0.05)}),
    ("mistral", "mistral", "", "", {**OPEN, "one": (3, 1), "turns": (1, 1), "text": (1.12, 0.05), "effort": (9, 3)}),
    ("deepseek r1", "deepseek", r"r1(?:$|[-:.])", "", {**OPEN, "one": (3, 1), "systems": (0, 2)}),
    ("llama guard", "llama3", "llama-guard", "", {**OPEN, "one": (190, 20)}),
    ("llama, a raw prompt", "llama3", "", "/invoke", {"one": (0.5, 1), "text": (1, 0.1)}),
    ("llama 3 by converse", "llama3", r"llama-?3-[78]", "/converse", {**OPEN, "one": (14, 2)}),
    ("llama 3.1 to 3.3", "llama3", r"llama-?3[.-][123]", "", {**OPEN, "one": (32, 6)}),
    ("llama 3", "llama3", r"llama-?3|r1-distill", "", {**OPEN, "one": (9, 4)}),
    ("llama 4", "llama3", "", "", OPEN),
    ("gpt-oss", "o200k_harmony", "", "", {**OPEN, "text": (1, 0.01), "one": (60, 30)}),
    (
        "gpt at another's door",
        "o200k_base",
        "",
        "",
        {**OPEN, "one": (3, 2), "systems": (4, 1), "turns": (4, 1), "text": (1, 0.01)},
    ),
    (
        "gpt-4 at another's door",
        "cl100k_base",
        "",
        "",
        {**OPEN, "one": (3, 2), "systems": (4, 1), "turns": (4, 1), "text": (1, 0.05)},
    ),
    *((name, name, "", "", OPEN) for name in ("deepseek", "glm", "kimi", "qwen", "cohere", "minimax")),
    ("grok", "grok", "", "", {**OPEN, "one": (100, 80)}),
    ("jamba", "jamba", "", "", {**OPEN, "one": (9, 1)}),
    ("unknown", "*", "", "", OPEN),
]


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
    count, found = counter("o200k_base", memo()).count, Counter[str]()
    result = message["role"] == "toolResult"
    found["results"] += result
    content = message["content"]
    for block in content if isinstance(content, list) else [{"type": "text", "text": content}]:
        if block["type"] == "text":
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


def held_out(rows: list[Row], prior: Prior) -> list[float]:
    """For each row, the estimate of a fit that saw no row of its source."""
    found = {}
    for source in {row.source for row in rows}:
        others = [row for row in rows if row.source != source]
        found[source] = fitted(others, prior) if others else {name: mean for name, (mean, _) in prior.items()}
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


def row_of(spec: tuple[str, str, str, str, Prior], rows: list[Row], date: str) -> dict[str, Any]:
    """One family's row of the table."""
    name, tokenizer, model, host, prior = spec
    made: dict[str, Any] = {"name": name, "tokenizer": tokenizer}
    made |= {key: value for key, value in (("model", model), ("host", host), ("may_lack", MAY_LACK.get(name))) if value}
    if not rows:
        weights = {term: mean for term, (mean, _) in prior.items() if mean}
        return {
            **made,
            "may_lack": {**_tools(weights), **made.get("may_lack", {})},
            "weights": weights,
            "band": {"all": [_thin([FIXED[1], SHARES[1]]), [FIXED[1], SHARES[1]]]},
            "evidence": {"n": 0, "date": date},
        }
    estimates = held_out(rows, prior)
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
    bands = UNKNOWN if tokenizer == "*" else bands
    weights = fitted(rows, prior)
    if tokenizer not in HOSTED and shown.get("tools", 0) < THIN:
        made["may_lack"] = {**_tools(weights), **made.get("may_lack", {})}
    return {**made, "weights": weights, "band": bands, "evidence": evidence}


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
    left, families = list(rows), []
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
        families.append(row_of(spec, chosen, date))
    return families


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
