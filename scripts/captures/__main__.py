"""Plays every conversation and writes its captures: `python -m scripts.captures [NAME…]`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from scripts.captures import conversations
from scripts.captures.storing import stored
from scripts.captures.stub import Stub

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def main(names: list[str]) -> None:
    """Remake the captures of the conversations `names`, or of all of them."""
    os.environ |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    for found in iter_modules(conversations.__path__):
        if names and found.name not in names:
            continue
        conversation = import_module(f"{conversations.__name__}.{found.name}")
        with Stub(conversation.HOST) as stub:
            files = conversation.record(stub)
        for name, recordings in files.items():
            path = FIXTURES / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(stored(name, recordings), encoding="utf-8", newline="\n")
            print(f"{path.relative_to(FIXTURES.parent)}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
