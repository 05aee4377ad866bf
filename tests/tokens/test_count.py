from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ctxdebug.tokens import count as counting
from ctxdebug.tokens.count import Count, Counter
from ctxdebug.tokens.memo import Memo
from ctxdebug.tokens.vocabulary import encoding

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.deps


def test_counts_are_tiktokens() -> None:
    texts = ["", "a", "Hello, world!", "    indented\n\n", "日本語のテキスト", "<|endoftext|>", "x" * 70_000]
    ordinary = [len(encoding("o200k_base").encode_ordinary(text)) for text in texts]
    assert Counter("o200k_base").count_many(texts) == ordinary


def test_harmony_counts_as_o200k() -> None:
    assert Counter("o200k_harmony").count("<|start|>user") == Counter("o200k_base").count("<|start|>user")


@pytest.mark.parametrize("text", ["x" + " " * 1_200_000 + "y", "\u3000" * 1_200_000, "\ud800", "a\udfffb", "\x00" * 9])
def test_no_text_is_too_strange(text: str) -> None:
    assert Counter("o200k_base").count(text) > 0


def test_white_space_runs_below_a_block_are_not_cut() -> None:
    text = ("word" + " " * 30_000) * 3
    assert Counter("o200k_base").count(text) == len(encoding("o200k_base").encode_ordinary(text))


def test_cutting_loses_nothing() -> None:
    text = "a" * 70_000 + " " * 300_000 + "b" * 10
    parts = counting._without_long_runs(text)
    assert "".join(parts) == text
    assert max(len(part) for part in parts if part.isspace()) <= 2 * counting.BLOCK


def test_a_text_is_tokenized_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter("o200k_base")
    first = counter.count("once and only once")
    monkeypatch.setattr(counter, "_tokenized", lambda text: pytest.fail(f"counted {text!r} again"))
    assert counter.count("once and only once") == first


def test_encodings_do_not_share_a_memo_entry(tmp_path: Path) -> None:
    text = "日本語のテキスト"
    with Memo(tmp_path) as memo:
        Counter("o200k_base", memo).count(text)
        assert Counter("cl100k_base", memo).count(text) == len(encoding("cl100k_base").encode_ordinary(text))


def test_a_warm_memo_needs_no_tiktoken(tmp_path: Path) -> None:
    with Memo(tmp_path) as memo:
        expected = Counter("o200k_base", memo).count("counted in another process")
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from ctxdebug.tokens.count import Counter\nfrom ctxdebug.tokens.memo import Memo\n"
        f"print(Counter('o200k_base', Memo(Path({str(tmp_path)!r}))).count('counted in another process'))\n"
        "print([name for name in ('tiktoken', 'regex', 'json', 'ctxdebug.tokens.vocabulary') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == [str(expected), "[]"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "KNOWN_LIMIT", 10)
    counter = Counter("o200k_base")
    counter.count_many(str(number) for number in range(50))
    assert len(counter._known) <= 10


def test_the_sum_of_exact_counts_is_exact() -> None:
    assert Count.exactly(2) + Count.exactly(3) == Count.exactly(5)


def test_an_estimate_makes_the_sum_an_estimate() -> None:
    assert Count.exactly(10) + Count.estimate(5, 4, 8) == Count(15, 14, 18, exact=False)


def test_scaling_widens_the_band_outwards() -> None:
    assert Count.exactly(10).scaled(1.04, 0.91, 1.19) == Count(10, 9, 12, exact=False)


def test_an_estimates_band_holds_its_value() -> None:
    assert Count.estimate(7.2, 7.6, 7.6) == Count(7, 7, 8, exact=False)


def test_rare_tokens_are_those_of_a_high_rank() -> None:
    texts = ["The house is on the hill.", "Zygomorphic inflorescences", "日本語のテキスト", "", "x" * 70_000]
    ranks = [[rank for rank in encoding("o200k_base").encode_ordinary(text) if rank >= counting.RARE] for text in texts]
    assert [Counter("o200k_base").rare(text) for text in texts] == [len(found) for found in ranks]


def test_a_text_is_tokenized_once_for_both_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Memo(tmp_path) as memo:
        counter = Counter("o200k_base", memo)
        both = counter.rare("Zygomorphic hill"), counter.count("Zygomorphic hill")
    monkeypatch.setattr(Counter, "_tokenized", lambda *_: pytest.fail("it is in the memo"))
    again = Counter("o200k_base", Memo(tmp_path))
    assert (again.rare("Zygomorphic hill"), again.count("Zygomorphic hill")) == both
