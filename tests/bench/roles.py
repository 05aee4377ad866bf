"""Judge the role order of every capture by its own provider's rows: `python tests/bench/roles.py FOLDER`.

Prints every predicted rejection of a request that the provider in fact took (there should be none), and every
recorded error of that kind with the row that predicts it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from ctxdebug.analysis.message_shape import Prediction, recorded, role_verdict
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot
from ctxdebug.models.roles import Behaviour

KEYS = ("request", "response", "url", "status", "provider", "model", "method")


def snapshots(record: dict[str, object], folder: Path) -> list[Snapshot]:
    """Load one record as a user would: a JSON file with request and response."""
    path = folder / "record.json"
    kept = {key: record.get(key) for key in KEYS if record.get(key) is not None}
    response = kept.get("response")
    if isinstance(response, dict) and isinstance(response.get("_sse"), str):
        kept["response"] = response["_sse"]
    path.write_text(json.dumps(kept))
    told = record.get("provider")
    found = [one for one in load(Source(str(path)), LoadOptions()) if isinstance(one, Snapshot)]
    return [replace(one, provider=told if isinstance(told, str) else None) for one in found]


def main(folder: Path) -> None:
    """Load, judge, count."""
    counts: Counter[str] = Counter()
    false: Counter[tuple[str, str, str]] = Counter()
    changed: Counter[str] = Counter()
    explained: Counter[tuple[str, bool, str]] = Counter()
    spent = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                if not isinstance(record.get("request"), dict):
                    continue
                for snapshot in snapshots(record, Path(scratch)):
                    began = time.process_time()
                    verdict = role_verdict(snapshot, refuted=True)
                    spent += time.process_time() - began
                    taken = snapshot.error is None and (snapshot.status or 200) < 400 and snapshot.has_response
                    counts["taken" if taken else "refused or unanswered"] += 1
                    counts["provider known" if verdict.serving else "provider unknown"] += 1
                    for found in verdict.predictions:
                        rejected = found.row.behaviour is Behaviour.REJECTED
                        if rejected and taken:
                            key = (found.row.id, str(record["model"]), str(record["path"])[-90:])
                            false[key if found.row.certain else ("uncertain " + found.row.id, "", "")] += 1
                        elif not rejected:
                            changed[found.row.id] += 1
                    if snapshot.error and (told := recorded(snapshot)):
                        row = told.row if isinstance(told, Prediction) else told
                        predicted = any(found.row is row for found in verdict.predictions)
                        explained[row.id, predicted, snapshot.error.message[:80]] += 1
    print(dict(counts), f"{spent:.2f} s CPU for the judging")
    print("predicted rejections of requests that were taken:", sum(false.values()))
    for key, count in false.most_common():
        print("  ", count, *key)
    print("silent changes:", dict(changed))
    print("recorded errors of this kind (row, predicted from the request, text):")
    for item, count in explained.items():
        print("  ", count, *item)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
