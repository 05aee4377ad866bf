"""Two contexts side by side, as a result."""

from __future__ import annotations

from typing import Any, final

from ctxdebug.analysis.turns.differences import Change, Contrast
from ctxdebug.model import Snapshot
from ctxdebug.records import record
from ctxdebug.redaction.shown import Mask, captured_values


@final
@record(frozen=True, repr=False)
class Difference:
    """What differs between two contexts: blocks added, dropped, changed, moved or cut, tools and settings."""

    before: Snapshot
    after: Snapshot
    contrast: Contrast

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return self.contrast.empty

    def to_dict(self) -> dict[str, Any]:
        """Return what `ctxdebug diff --format json` says; secrets are masked."""
        import json

        from ctxdebug.reports.contrasts import values

        told = json.dumps(values(self.before, self.after, self.contrast), ensure_ascii=False)
        found: dict[str, Any] = json.loads(self._mask().hide(told))
        return found

    def _mask(self) -> Mask:
        mask = Mask()
        for snapshot in (self.before, self.after):
            mask.learn(captured_values(snapshot))
        return mask

    def _repr_html_(self) -> str:
        from ctxdebug.reports.page.contrast import contrast_page

        return self._mask().hide(contrast_page(self.before, self.after, self.contrast, embedded=True))

    def __repr__(self) -> str:
        counts = [
            f"{len(found)} {change.value}"
            for change in Change
            if change is not Change.SAME and (found := self.contrast.of(change))
        ]
        told = "nothing differs" if self.empty else ", ".join(counts) or "only tools or settings differ"
        return f"<ctxdebug.Difference: {told}>"
