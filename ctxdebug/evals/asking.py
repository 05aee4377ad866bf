"""Ask an endpoint for the answer to one case, as exported suites do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ctxdebug.cases.conversion import converted
from ctxdebug.cases.exchanges import answer_of, case_snapshot
from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import UsageError
from ctxdebug.evals.dialects import address, key_for
from ctxdebug.evals.endpoint import Endpoint
from ctxdebug.evals.replies import snapshot_of

if TYPE_CHECKING:
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.model import ToolCall


def ask(stored: StoredCase, url: str | None = None, model: str | None = None) -> tuple[str, tuple[ToolCall, ...]]:
    """Return one answer: its words and its calls. Address and model default to CTXDEBUG_ENDPOINT and CTXDEBUG_MODEL."""
    url = url or os.environ.get("CTXDEBUG_ENDPOINT")
    if not url:
        raise UsageError("CTXDEBUG_ENDPOINT is not set")
    place = address(url, stored.case.request.format)
    body = stored.body()
    if stored.case.request.format != place.dialect.format:
        body = converted(case_snapshot(stored, RunOptions()), place.dialect.format)
    if model or os.environ.get("CTXDEBUG_MODEL"):
        body = {**body, "model": model or os.environ["CTXDEBUG_MODEL"]}
    endpoint = Endpoint(place, key_for(place, os.environ))
    try:
        return answer_of(snapshot_of(body, endpoint.ask(body), place.dialect.format, str(stored.path)))
    finally:
        endpoint.close()
