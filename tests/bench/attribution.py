"""How many calls attribution by log-probabilities saves, and whether it names the planted causes.

    python -m tests.bench.attribution [RUNS]

Causes are planted among sentences that no finding names; each adds to the log-odds of a wrong answer, and a model answers by these
odds (`tests/proof/logprob_stub.py`). `plain` is `blame --logprobs never`, which halves the parts that matter together.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
from pathlib import Path

from tests.evals.model_stub import serve
from tests.proof.logprob_stub import answers_with_logprobs
from tests.proof.test_attribution import blamed, causes, written

_PLACES = "cellar roof lobby garage canteen archive studio balcony corridor workshop laundry library".split()
_DOES = ("has a door of oak", "was painted in May", "is swept on Mondays", "smells of lemons")
_NOISE = 0.4
"""The most that a part which is no cause adds to the log-odds, or takes away."""


def measured(parts: int, planted: int, odds: float, seed: int) -> dict[str, tuple[int, int, int]]:
    """Return for each way its calls, how many planted parts are proved causes, and how many it attributes."""
    generator = random.Random(seed)
    things = [f"The {place} {what}." for place in _PLACES for what in _DOES][:parts]
    chosen = generator.sample(things, planted)
    noise = {thing: generator.uniform(-_NOISE, _NOISE) for thing in things}
    # every cause is needed: with all of them the odds of the wrong answer are as given, without one of them they are small
    weights = noise | dict.fromkeys(chosen, (odds + 4.0) / planted)
    found = {}
    with serve() as stub, tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), tuple(things))
        for name in ("auto", "never"):
            answers_with_logprobs(stub, -4.0, weights)
            one = blamed(path, stub, "--logprobs", name, "--record", f"{name}.jsonl", "--budget", "600")
            named = {part["what"] for part in (one["attribution"] or {}).get("raise", ())}
            found[name] = one["calls"], len(set(causes(one)) & set(chosen)), len(named & set(chosen))
    return found


def main(runs: int) -> None:
    """Print the table."""
    print("parts causes rate | with log-probabilities: calls, proved, attributed | plain: calls, proved")
    for parts, planted, odds in (
        (12, 1, 2.5),
        (24, 1, 2.5),
        (44, 1, 2.5),
        (24, 1, 0.5),
        (44, 1, 0.5),
        (24, 2, 2.5),
        (44, 2, 2.5),
    ):
        rows = [measured(parts, planted, odds, seed) for seed in range(runs)]
        calls = {name: statistics.median(row[name][0] for row in rows) for name in ("auto", "never")}
        proved = {name: sum(row[name][1] for row in rows) for name in ("auto", "never")}
        attributed = sum(row["auto"][2] for row in rows)
        whole = runs * planted
        print(
            json.dumps({"parts": parts, "causes": planted, "log_odds": odds, "planted": whole,
                        "with": [calls["auto"], proved["auto"], attributed], "plain": [calls["never"], proved["never"]]}), flush=True
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
