"""How common a word is: sentence frequencies over development texts, as ten classes in `claims/weights.json`.

    python scripts/background_weights.py DATA_FOLDER

Only classes of frequency leave the data, no text and no labels (see ctxdebug/analysis/sources/MODEL_CARD.md).
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path

from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.words import stems_of

FILES = ("summedits_docs.jsonl", "ramdocs.jsonl", "fever_symmetric_dev.jsonl", "nq_oracle.jsonl", "wice_dev.jsonl")


def main(folder: Path) -> None:
    """Count, class, write."""
    frequency: Counter[str] = Counter()
    sentences = 0
    for name in FILES:
        seen: set[str] = set()
        for line in (folder / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            for text in [row["text"]] if "text" in row else [source["text"] for source in row["sources"]]:
                reading = read(text)
                for start, end in reading.spans:
                    sentence = reading.text[start:end]
                    if sentence in seen or len(sentence) < 25:
                        continue
                    seen.add(sentence)
                    sentences += 1
                    frequency.update(stems_of(sentence))
    classes: dict[str, list[str]] = {}
    for stem, count in sorted(frequency.items()):
        if count < 15 or len(stem) < 2 or not stem.isascii():
            continue
        weight = (math.log(sentences / count) - 2) / 6
        classes.setdefault(str(round(10 * min(1.0, max(0.3, weight)))), []).append(stem)
    classes.pop("10", None)
    target = Path("ctxdebug/analysis/claims/weights.json")
    about = f"weight of a stem in tenths, from its frequency in {sentences} sentences; unlisted stems weigh 10 (scripts/background_weights.py)"
    rows = {tenths: " ".join(stems) for tenths, stems in sorted(classes.items(), key=lambda row: int(row[0]))}
    target.write_text(json.dumps({"about": about, "tenths": rows}, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{sentences} sentences, {sum(map(len, classes.values()))} stems\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
