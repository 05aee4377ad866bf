"""Every vendor's room is named in the contract that keeps vendors apart."""

from __future__ import annotations

import tomllib
from pathlib import Path

import ctxdebug.wire

ROOT = Path(__file__).parents[2]
SHARED = {"shapes"}
"""What several wire formats build on."""


def test_every_room_of_a_vendor_is_in_the_independence_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (named,) = [set(one["modules"]) for one in contracts if "vendors" in one["name"]]
    rooms = {path.parent.name for path in Path(ctxdebug.wire.__path__[0]).glob("*/__init__.py")} - SHARED
    assert named == {f"ctxdebug.wire.{room}" for room in rooms}
