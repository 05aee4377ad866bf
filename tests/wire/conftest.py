from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot


@pytest.fixture
def one(tmp_path: Path) -> Callable[..., Snapshot]:
    """Load a capture that holds one exchange, given as a request, a response and what surrounds them."""

    def loaded(request: Any = None, response: Any = None, **more: Any) -> Snapshot:
        path = tmp_path / "capture.json"
        path.write_text(json.dumps({"request": request, "response": response, **more}))
        found = list(load(Source(str(path)), LoadOptions()))
        assert all(isinstance(item, Snapshot) for item in found), found
        assert len(found) == 1
        assert isinstance(found[0], Snapshot)
        return found[0]

    return loaded


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """The reason why a document does not load."""

    def refused(document: Any) -> str:
        path = tmp_path / "capture.json"
        path.write_text(json.dumps(document))
        found = list(load(Source(str(path)), LoadOptions()))
        assert found
        assert all(isinstance(item, Problem) for item in found)
        assert isinstance(found[0], Problem)
        return found[0].message

    return refused
