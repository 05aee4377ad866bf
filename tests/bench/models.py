"""Count the model names of a folder of captures that resolve: `python tests/bench/models.py FOLDER`."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from ctxdebug.models import resolve


def main(folder: Path) -> None:
    """Print the share that resolves, by record and by name, how, and every name that does not."""
    seen: Counter[tuple[str | None, str, int | None]] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if record.get("model") and "request" in record:
                    seen[record.get("provider"), record["model"], record.get("status")] += 1
    began = time.process_time()
    found = {key: resolve(key[1], key[0]) for key in seen}
    spent = time.process_time() - began
    total = seen.total()
    resolved = sum(count for key, count in seen.items() if found[key])
    served = {key: count for key, count in seen.items() if (key[2] or 200) < 400}
    right = sum(count for key, count in served.items() if found[key])
    print(f"records {resolved}/{total} = {resolved / total:.3f}; answered ones {right}/{sum(served.values())}")
    print(f"names   {sum(1 for info in found.values() if info)}/{len(found)}; {spent * 1e3:.1f} ms CPU in all")
    print("rules  ", Counter(info.matched for info in found.values() if info).most_common(40))
    for title, keep in (("tokenizer", "tokenizer"), ("window", "window"), ("prices", "prices")):
        known = sum(count for key, count in seen.items() if found[key] and getattr(found[key], keep))
        print(f"{title:10} {known}/{total}")
    print("not resolved:")
    for key, count in sorted(seen.items(), key=lambda item: str(item[0])):
        if not found[key]:
            print(f"  {count:4} {key}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
