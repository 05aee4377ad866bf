from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from ctxdebug.errors import CtxdebugError
from ctxdebug.tokens import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["o200k_base", "cl100k_base", "o200k_harmony"]


def tiktokens_own(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """The sha256 that tiktoken expects of its rank file, and the encoding's other parts."""
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]  # it has no types

    seen: list[str] = []

    def load(_: str, expected_hash: str) -> dict[bytes, int]:
        seen.append(expected_hash)
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", load)
    parts = openai_public.ENCODING_CONSTRUCTORS[name]()
    return seen[0], parts


@pytest.mark.parametrize("name", NAMES)
def test_the_ranks_are_those_that_tiktoken_expects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = vocabulary.encodings()[name]
    ranks = vocabulary.ranks(row["file"], row["sha256"], row["tokens"])
    lines = b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks.items())
    assert hashlib.sha256(lines).hexdigest() == tiktokens_own(name, monkeypatch)[0]


@pytest.mark.parametrize("name", NAMES)
def test_pattern_and_special_tokens_are_tiktokens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = tiktokens_own(name, monkeypatch)[1]
    row = vocabulary.encodings()[name]
    assert row["pattern"] == parts["pat_str"]
    assert vocabulary.special_tokens(row) == parts["special_tokens"]


def test_an_encoding_round_trips_text() -> None:
    encoding = vocabulary.encoding("o200k_base")
    text = "Grüße, 世界! <|endoftext|> 1234567\n\n\tdef f(): ..."
    assert encoding.decode(encoding.encode_ordinary(text)) == text


def test_counts_known_from_the_publishers_examples() -> None:
    assert vocabulary.encoding("cl100k_base").encode_ordinary("tiktoken is great!") == [83, 1609, 5963, 374, 2294, 0]


def test_no_network_and_no_cache_folder_are_needed(tmp_path: Path) -> None:
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from ctxdebug.tokens.vocabulary import encoding\n"
        "print(len(encoding('o200k_base').encode_ordinary('no network, no cache')))\n"
    )
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": str(tmp_path / "nowhere"), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "5"
    assert not list(tmp_path.iterdir())


def test_an_unknown_name_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="o200k_base"):
        vocabulary.encoding("p50k_base")


def test_a_damaged_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    (tmp_path / "x.bin").write_bytes(zlib.compress(b"\x01a"))
    (tmp_path / "y.bin").write_bytes(b"not zlib")
    monkeypatch.setattr(vocabulary, "FOLDER", tmp_path)
    with pytest.raises(CtxdebugError, match="damaged"):
        vocabulary.ranks("x.bin", "0" * 64, 1)
    with pytest.raises(CtxdebugError, match="cannot be read"):
        vocabulary.ranks("y.bin", "0" * 64, 1)
