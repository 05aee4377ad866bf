"""Whether a frozen case holds an exchange: the fourth step's question, for one capture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import CtxdebugError

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot


def case_of(snapshot: Snapshot, folder: Path) -> str | None:
    """Return the id of the case in `folder` that froze this very request, or None; unreadable cases are passed over here."""
    if not folder.is_dir():
        return None
    from ctxdebug.cases.store import find_cases, load_case
    from ctxdebug.cases.survey import exchange_digest

    held: Any = (
        snapshot.request if isinstance(snapshot.request, dict) else [message.text for message in snapshot.messages]
    )
    wanted = exchange_digest(held)
    for path in find_cases([folder]):
        try:
            stored = load_case(path)
            if exchange_digest(stored.body()) == wanted:
                return stored.case.id
        except CtxdebugError:
            continue
    return None
