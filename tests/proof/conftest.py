from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.evals.model_stub import Stub, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serve() as told:
        yield told
