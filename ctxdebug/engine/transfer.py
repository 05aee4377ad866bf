"""What is known of an exchange, as another process can take it over: for reports that look at the exchange again.

Some facts name the turns before; a turn is sent as its place among them, and becomes the turn that the other process has there.
"""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis import Analysis, AnalysisOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

_OWN = frozenset({"options", "earlier"})
"""What an analysis has of the run that it stands in, and keeps."""
_OPTIONS = -1


class _Sending(pickle.Pickler):
    def __init__(self, file: io.BytesIO, turns: Sequence[Analysis]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = {id(turn): place for place, turn in enumerate(turns)}

    def persistent_id(self, value: Any) -> int | None:
        if isinstance(value, AnalysisOptions):
            return _OPTIONS
        return self._places.get(id(value)) if isinstance(value, Analysis) else None


class _Taking(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, turns: Sequence[Analysis]) -> None:
        super().__init__(file)
        self._turns = turns

    def persistent_load(self, pid: Any) -> Analysis | AnalysisOptions:
        return self._turns[0].options if pid == _OPTIONS else self._turns[pid]


def sent(analysis: Analysis) -> bytes:
    """Return the exchange and every fact that was asked of it so far."""
    file = io.BytesIO()
    known = {name: value for name, value in vars(analysis).items() if name not in _OWN}
    _Sending(file, (analysis, *analysis.earlier)).dump(known)
    return file.getvalue()


def take(analysis: Analysis, data: bytes) -> None:
    """Give an analysis of the same exchange what was sent; `data` comes from a process of our own."""
    vars(analysis).update(_Taking(io.BytesIO(data), (analysis, *analysis.earlier)).load())
