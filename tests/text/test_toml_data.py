"""Data in TOML is the same read anew and taken from the tables."""

from __future__ import annotations

import marshal
from pathlib import Path
from typing import Any

import ctxdebug
from ctxdebug.text.stored import keep_in
from ctxdebug.text.toml_data import toml_data

FILES = sorted(Path(ctxdebug.__file__).parent.joinpath("analysis").rglob("*.toml"))


class Kept:
    def __init__(self) -> None:
        self.data: dict[Any, bytes] = {}

    def get(self, table: str, key: Any) -> Any:
        data = self.data.get((table, key))
        return None if data is None else marshal.loads(data)

    def put(self, table: str, key: Any, value: Any) -> None:
        self.data[table, key] = marshal.dumps(value)


def test_every_file_can_be_kept() -> None:
    kept = Kept()
    keep_in(kept)
    try:
        first = [toml_data(path) for path in FILES]
        assert len(kept.data) == len(FILES) > 0
        assert [toml_data(path) for path in FILES] == first
    finally:
        keep_in(None)
    assert [toml_data(path) for path in FILES] == first


def test_another_text_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    keep_in(Kept())
    try:
        path.write_text("a = 1\n")
        assert toml_data(path) == {"a": 1}
        path.write_text("a = 2\n")
        assert toml_data(path) == {"a": 2}
    finally:
        keep_in(None)
