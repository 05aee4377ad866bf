from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot

Loaded = tuple[list[Snapshot], list[Problem]]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Loaded]:
    """Load the bytes of a file; what comes out, snapshots and problems apart."""

    def loaded(data: bytes | str, name: str = "capture", max_bytes: int = 1 << 28) -> Loaded:
        path = tmp_path / name
        path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
        found = list(load(Source(str(path), max_bytes), LoadOptions(max_bytes=max_bytes)))
        return [item for item in found if isinstance(item, Snapshot)], [
            item for item in found if isinstance(item, Problem)
        ]

    return loaded
