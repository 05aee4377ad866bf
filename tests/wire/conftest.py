from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import Snapshot
from tests.conversations import captured, refused


@pytest.fixture
def one() -> Callable[..., Snapshot]:
    """Load a capture that holds one exchange, given as a request, a response and what surrounds them."""

    def loaded(request: Any = None, response: Any = None, **more: Any) -> Snapshot:
        return captured({"request": request, "response": response, **more})

    return loaded


@pytest.fixture
def refusal() -> Callable[..., str]:
    """The reason why a document does not load."""
    return refused
