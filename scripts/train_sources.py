"""Train the small scores of the sources pass, and write `ctxdebug/analysis/sources/coefficients.json`.

    python scripts/train_sources.py DATA_FOLDER

A score is a ridge logistic line plus depth-two trees fitted to the same rows; both are small enough to read. Calibration is
out of fold, and folds never share a question, a document or a sentence. numpy is needed here only.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.sources import panel, revision, rivalry, support
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.question import ask
from ctxdebug.analysis.sources.scorer import Scorer
from ctxdebug.analysis.sources.source import Source

Array = NDArray[np.float64]
TARGET = Path("ctxdebug/analysis/sources/coefficients.json")


@dataclass(frozen=True)
class Rows:
    """Features, labels (1 = fault), the group that must not be split, and a tag per row to report by."""

    features: tuple[str, ...]
    x: Array
    y: Array
    groups: list[str]
    tags: list[str]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return map(json.loads, path.read_text("utf-8").splitlines())


# --- rows ------------------------------------------------------------------------------------


def whole(text: str) -> Statement:
    """A text as one statement."""
    return statement(read(text).text)


def revision_rows(folder: Path) -> Rows:
    """SummEdits: an original and its edit; the group is the domain."""
    rows = list(lines(folder / "summedits_conflict.jsonl"))
    x = [revision.features(whole(row["sources"][0]["text"]), whole(row["sources"][1]["text"])) for row in rows]
    y = [row["label"] == "conflict" for row in rows]
    return Rows(
        revision.FEATURES,
        np.array(x),
        np.array(y, float),
        [row["dataset"] for row in rows],
        [row.get("conflict_type") or "-" for row in rows],
    )


def claim_rows(folder: Path) -> Rows:
    """Fever-symmetric: evidence and claim; the group joins all rows that share a sentence."""
    rows = list(lines(folder / "fever_symmetric_dev.jsonl"))
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    x = []
    for row in rows:
        evidence, claim = (source["text"] for source in row["sources"])
        parent[root(evidence)] = root(claim)
        x.append(_supported(whole(claim), Corpus([Source("e", evidence)]), [whole(evidence)]))
    return Rows(
        support.FEATURES,
        np.array(x),
        np.array([row["label"] == "conflict" for row in rows], float),
        [root(row["sources"][0]["text"]) for row in rows],
        ["-"] * len(rows),
    )


def _supported(claim: Statement, corpus: Corpus, sentences: list[Statement] | None = None) -> list[float]:
    near = sentences if sentences is not None else corpus.nearest(claim.stems)
    best = support.nearest(claim, near)
    pairs: set[tuple[str, str]] = set().union(*(support.bigrams(one.text) for _, one in best)) if best else set()
    return support.features(claim, best, corpus.stems, pairs, corpus.text)


def response_row(response: str, corpus: Corpus) -> list[float]:
    """Worst and mean of the sentences' features."""
    reading = read(response)
    x = np.array([_supported(statement(reading.text[start:end]), corpus) for start, end in reading.spans])
    return [*x.max(axis=0), *x.mean(axis=0)]


RESPONSE_FEATURES = tuple(f"{how} {name}" for how in ("worst", "mean") for name in support.FEATURES)


def contradicted_rows(folder: Path) -> Rows:
    """SummEdits: a document and a response; the group is the document."""
    documents = {row["id"]: Corpus([Source(row["id"], row["text"])]) for row in lines(folder / "summedits_docs.jsonl")}
    rows = list(lines(folder / "summedits_grounding.jsonl"))
    x = [response_row(row["response"], documents[row["source_ref"]]) for row in rows]
    return Rows(
        RESPONSE_FEATURES,
        np.array(x),
        np.array([row["label"] == "unsupported" for row in rows], float),
        [row["source_ref"] for row in rows],
        [row["dataset"] for row in rows],
    )


def unsupported_rows(folder: Path) -> Rows:
    """WiCE: a web page and a claim; not and partially supported against supported."""
    rows = list(lines(folder / "wice_dev.jsonl"))
    x = [response_row(row["response"], Corpus([Source("s", row["sources"][0]["text"])])) for row in rows]
    return Rows(
        RESPONSE_FEATURES,
        np.array(x),
        np.array([row["label"] != "supported" for row in rows], float),
        [row["id"] for row in rows],
        [row["label"] for row in rows],
    )


MOST_PER_KIND = 3


def rival_rows(folder: Path) -> Rows:
    """RAMDocs: pairs of one question's sources: misinformed against correct (1); same answer, or one of them noise (0).

    The tag tells the kind and whether the pair is among the first three of its kind in its question.
    """
    x, y, groups, tags = [], [], [], []
    for number, row in enumerate(lines(folder / "ramdocs.jsonl")):
        corpus = Corpus([Source(source["id"], source["text"]) for source in row["sources"]])
        made = panel.panel(ask(row["question"]), [corpus.of(at) for at in range(len(corpus.sources))])
        seen: dict[str, int] = {}
        for i, j in itertools.combinations(range(len(row["sources"])), 2):
            kind = _pair_kind(row["sources"][i], row["sources"][j])
            if not kind:
                continue
            seen[kind] = seen.get(kind, 0) + 1
            x.append(rivalry.pair_features(made, i, j))
            y.append(kind == "misinfo")
            groups.append(str(number))
            tags.append(kind if seen[kind] <= MOST_PER_KIND else kind + "+")
    return Rows(rivalry.FEATURES, np.array(x), np.array(y, float), groups, tags)


def _pair_kind(a: dict[str, Any], b: dict[str, Any]) -> str:
    types = {a["type"], b["type"]}
    if types == {"correct", "misinfo"}:
        return "misinfo"
    if types == {"correct"} and a["answer"].lower() == b["answer"].lower():
        return "agree"
    return "noise" if "noise" in types and len(types) == 2 else ""


ROWS: dict[str, Callable[[Path], Rows]] = {
    "revision": revision_rows,
    "claim": claim_rows,
    "rival": rival_rows,
    "unsupported": unsupported_rows,
    "contradicted": contradicted_rows,
}
SHAPES: dict[str, dict[str, float]] = {
    "revision": {"ridge": 20, "trees": 60, "rate": 0.06},
    "claim": {"ridge": 30, "trees": 80, "rate": 0.06},
    "rival": {"ridge": 100, "trees": 350, "rate": 0.05},
    "unsupported": {"ridge": 100, "trees": 60, "rate": 0.06},
    "contradicted": {"ridge": 30, "trees": 200, "rate": 0.07},
}

# --- fitting ---------------------------------------------------------------------------------


def fit(rows: Rows, chosen: NDArray[np.bool_], *, ridge: float, trees: float, rate: float) -> Scorer:
    """A line and trees on the chosen rows; groups count by the root of their size."""
    x, y = rows.x[chosen], rows.y[chosen]
    groups = [group for group, use in zip(rows.groups, chosen, strict=True) if use]
    sizes = {group: groups.count(group) for group in set(groups)}
    weight = np.array([sizes[group] ** -0.5 for group in groups]) if len(sizes) > 20 else np.ones(len(y))
    weight /= weight.mean()
    mean, scale, line, bias = _line(x, y, weight, ridge)
    grown = _trees(x, y, weight, int(trees), rate)
    return Scorer(rows.features, tuple(mean), tuple(scale), tuple(line), float(bias), tuple(grown), 1.0, 0.0)


def _line(x: Array, y: Array, weight: Array, ridge: float) -> tuple[Array, Array, Array, float]:
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = np.c_[(x - mean) / scale, np.ones(len(x))]
    coefficients = np.zeros(z.shape[1])
    penalty = np.eye(z.shape[1]) * ridge
    penalty[-1, -1] = 1e-6
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ coefficients))
        gradient = z.T @ (weight * (p - y)) + penalty @ coefficients
        curvature = (z * (weight * p * (1 - p))[:, None]).T @ z + penalty
        coefficients -= np.linalg.solve(curvature, gradient)
    return mean, scale, coefficients[:-1], float(coefficients[-1])


def _trees(
    x: Array, y: Array, weight: Array, count: int, rate: float, depth: int = 2, ridge: float = 5.0, least: int = 12
) -> list[Any]:
    rng = np.random.default_rng(0)
    edges = [np.unique(np.quantile(x[:, j], np.linspace(0, 1, 25)[1:-1])) for j in range(x.shape[1])]
    binned = np.stack([np.searchsorted(edges[j], x[:, j], side="left") for j in range(x.shape[1])], axis=1)
    total = np.full(len(y), np.log((weight * y).sum() / (weight * (1 - y)).sum()))

    def grow(rows: NDArray[np.int64], columns: NDArray[np.int64], left: int, g: Array, h: Array) -> Any:
        leaf = round(float(-rate * g[rows].sum() / (h[rows].sum() + ridge)), 4)
        best: tuple[float, int, int] = (1e-3, -1, -1)
        if left == 0 or len(rows) < 2 * least:
            return leaf
        for j in columns:
            gain = _gain(binned[rows, j], len(edges[j]), g[rows], h[rows], ridge, least)
            if len(gain) and gain.max() > best[0]:
                best = (float(gain.max()), int(j), int(gain.argmax()))
        if best[1] < 0:
            return leaf
        low = binned[rows, best[1]] <= best[2]
        edge = round(float(edges[best[1]][best[2]]), 5)
        return [best[1], edge, grow(rows[low], columns, left - 1, g, h), grow(rows[~low], columns, left - 1, g, h)]

    made = []
    for _ in range(count):
        p = 1 / (1 + np.exp(-total))
        g, h = weight * (p - y), weight * p * (1 - p)
        sample = np.flatnonzero(rng.random(len(y)) < 0.7)
        columns = rng.permutation(x.shape[1])[: max(1, int(0.4 * x.shape[1]))]
        tree = grow(sample, columns, depth, g, h)
        made.append(tree)
        total += _evaluate(tree, x)
    return made


def _gain(bins: NDArray[np.int64], edges: int, g: Array, h: Array, ridge: float, least: int) -> Array:
    if not edges:
        return np.zeros(0)
    gs = np.bincount(bins, weights=g, minlength=edges + 1).cumsum()[:-1]
    hs = np.bincount(bins, weights=h, minlength=edges + 1).cumsum()[:-1]
    count = np.bincount(bins, minlength=edges + 1).cumsum()[:-1]
    gain = gs**2 / (hs + ridge) + (g.sum() - gs) ** 2 / (h.sum() - hs + ridge) - g.sum() ** 2 / (h.sum() + ridge)
    gain[(count < least) | (len(bins) - count < least)] = -1
    return np.asarray(gain, float)


def _evaluate(tree: Any, x: Array) -> Array:
    if not isinstance(tree, list):
        return np.full(len(x), tree)
    low = x[:, tree[0]] <= tree[1]
    out = np.empty(len(x))
    out[low], out[~low] = _evaluate(tree[2], x[low]), _evaluate(tree[3], x[~low])
    return out


def scores(model: Scorer, x: Array) -> Array:
    """Raw scores of many rows."""
    total = (x - np.array(model.mean)) / np.array(model.scale) @ np.array(model.line) + model.bias
    for tree in model.trees:
        total = total + _evaluate(tree, x)
    return np.asarray(total, float)


def out_of_fold(rows: Rows, name: str, folds: int = 5, by_group: bool = False) -> Array:
    """Scores of every row by a model that saw nothing of its group; `by_group` leaves one group out at a time."""
    names = sorted(set(rows.groups))
    order = np.random.default_rng(0).permutation(len(names))
    fold = {group: int(order[at]) if by_group else int(order[at]) % folds for at, group in enumerate(names)}
    where = np.array([fold[group] for group in rows.groups])
    found = np.zeros(len(rows.y))
    for number in sorted(set(fold.values())):
        held = where == number
        found[held] = scores(fit(rows, ~held, **SHAPES[name]), rows.x[held])
    return found


def _calibrated(raw: Array, y: Array) -> tuple[float, float]:
    _, scale, line, bias = _line(raw[:, None], y, np.ones(len(y)), 1.0)
    slope = float(line[0] / scale[0])
    return slope, bias - slope * float(raw.mean())


def _rounded(numbers: tuple[float, ...]) -> list[float]:
    return [float(f"{number:.5g}") for number in numbers]


def main(folder: Path) -> None:
    """Train every score and write them."""
    table: dict[str, Any] = {}
    for name, build in ROWS.items():
        rows = build(folder)
        slope, shift = _calibrated(out_of_fold(rows, name, by_group=len(set(rows.groups)) < 10), rows.y)
        model = fit(rows, np.ones(len(rows.y), bool), **SHAPES[name])
        table[name] = {
            "features": list(model.features), "mean": _rounded(model.mean), "scale": _rounded(model.scale), "line": _rounded(model.line),
            "bias": round(model.bias, 5), "slope": round(slope, 5), "shift": round(shift, 5), "trees": list(model.trees),
        }  # fmt: skip
        sys.stdout.write(f"{name}: {len(rows.y)} rows, {int(rows.y.sum())} faults\n")
    TARGET.write_text(
        "{\n"
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in table.items())
        + "\n}\n",
        "utf-8",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
