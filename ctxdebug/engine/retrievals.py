"""What retriever runs of a trace returned, remembered until the model call of the same trace comes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from ctxdebug.model import Snapshot

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.retrieval import Retrieved

_KEPT = 256
"""Traces that are remembered; the oldest go first."""
_MOST = 400
"""Passages of one trace."""


class Retrievals:
    """Passages by file and trace."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, str], tuple[Retrieved, ...]] = OrderedDict()

    def beside(self, snapshot: Snapshot) -> tuple[Retrieved, ...]:
        """Remember what a retriever's run returned; return what was retrieved in the trace of a model call before it."""
        trace = snapshot.labels.get("trace")
        if not isinstance(trace, str):
            return ()
        key = snapshot.path, trace
        if snapshot.model is None and not snapshot.has_response:
            from ctxdebug.analysis.sources.retrieval import is_retrieval, of_snapshot

            if is_retrieval(snapshot):
                self._found[key] = (*self._found.pop(key, ()), *of_snapshot(snapshot))[-_MOST:]
                while len(self._found) > _KEPT:
                    self._found.popitem(last=False)
            return ()
        return self._found.get(key, ())
