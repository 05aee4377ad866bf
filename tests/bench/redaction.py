"""Seconds of CPU that finding secrets costs: on prose, and per kind on text that is made to be slow.

    python -m tests.bench.redaction [FILE]

Prints the slowest kinds on 100 kB of hostile text with the growth from n to 4n, and the cost of 1 MB of prose (or of FILE).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ctxdebug.redaction.masking import masked
from ctxdebug.redaction.secret_kinds import SecretKind, kinds
from tests.redaction.examples import example

_PROSE = "The quick brown fox, id 4711, jumps over https://example.com/path?x=1 again; the password is not here. "
_SEEDS = (
    "a", "1", "-", "+", "a.", "a@", "0 ", "\\n", "://a:", "sk-", "eyJa.", "api_key", "password", "password is ", "A1", "curl ",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----" + "A" * 30, "bearer ", "aws secret ", "(415", "+1 2",
    "login a password ", "a:5432:b:c:", "<password>", 'key="password"', "?key=", "cookie: a=", "%20", "&#1;", '"a"+', "a\n", "\u200b",
)  # fmt: skip


def cpu(text: str, kind: SecretKind | None) -> float:
    start = time.process_time()
    if kind is None:
        masked(text)
    else:
        list(kind.spans(text))
    return time.process_time() - start


def main() -> None:
    slowest = []
    for kind in kinds():
        first = example(kind.example)
        for seed in [*(hint.text for hint in kind.hints[:2]), *_SEEDS, first[:-1], first]:
            text = (seed * (100_000 // len(seed) + 1))[:100_000]
            whole = cpu(text, kind)
            slowest.append((whole, cpu(text[:25_000], kind), kind.name, seed[:40]))
    for whole, quarter, name, seed in sorted(slowest, reverse=True)[:8]:
        sys.stdout.write(f"{whole:6.3f} s  ×{whole / max(quarter, 1e-4):5.1f} from n/4  {name}  {seed!r}\n")
    for seed in _SEEDS:
        text = (seed * (100_000 // len(seed) + 1))[:100_000]
        if (seconds := cpu(text, None)) > 0.3:
            sys.stdout.write(f"{seconds:6.2f} s  all kinds on 100 kB of {seed!r}\n")
    text = Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else _PROSE * (1_000_000 // len(_PROSE))
    sys.stdout.write(f"{cpu(text, None):6.2f} s  all kinds on {len(text):,} characters of prose\n")


if __name__ == "__main__":
    main()
