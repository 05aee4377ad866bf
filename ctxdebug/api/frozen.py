"""A frozen exchange as a result: a case that is proven, and not written until somebody says where."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, final

from ctxdebug.cases.freeze import Frozen
from ctxdebug.records import record
from ctxdebug.text.printable import excerpt


@final
@record(frozen=True, repr=False)
class FrozenCase:
    """An eval case, redacted and proven: the recorded answer fails it and a good one passes, as far as one is known."""

    _frozen: Frozen

    @property
    def id(self) -> str:
        """What the case is called; its file is `ID.yaml`."""
        return self._frozen.case.id

    @property
    def changes(self) -> tuple[str, ...]:
        """What hiding secrets changed in the verdict; empty unless that was allowed."""
        return self._frozen.changes

    def to_dict(self) -> dict[str, Any]:
        """Return the content of the case's file (`ctxdebug/cases/schema.json`); long texts are references."""
        from ctxdebug.cases.case import case_content

        found: dict[str, Any] = case_content(self._frozen.case)
        return found

    def save(self, folder: str | os.PathLike[str] = "fixtures/cases", *, replace: bool = False) -> Path:
        """Write the case and its long texts, and return its path; raises `UsageError` where another case is in its place."""
        from ctxdebug.cases.store import save_case

        return save_case(self._frozen.case, self._frozen.blobs, Path(folder), replace)

    def __repr__(self) -> str:
        return f"<ctxdebug.FrozenCase {self.id}: the recorded answer fails ({excerpt(self._frozen.proof.bad.reason, 120)})>"
