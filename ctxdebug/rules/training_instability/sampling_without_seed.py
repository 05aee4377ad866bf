"""A frozen case samples its answer, and nothing fixes the draw.

One run of such a case is one draw of many. A pass after a change may be luck, and so may a failure.

## Fix

Set `temperature` to 0 or give a `seed`; or keep the sampling, and let `ctxdebug eval` repeat the case until the rate is proven.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.models.providers import takes_seed
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite

# formats whose providers document a seed; elsewhere, its absence is nobody's omission
_HOT = 0.3
"""Below this, answers hardly vary."""


@rule("INS102", "sampling-without-seed", question=None, scope=Scope.SUITE, severity=Severity.NOTE)
def look(suite: Suite) -> Iterator[Hit]:
    """Look for a temperature that the case sets high itself, without a seed; a default is the provider's affair."""
    for case in suite.cases:
        settings = case.snapshot.settings
        if takes_seed(case.snapshot.format) and settings.seed is None and (settings.temperature or 0.0) > _HOT:
            at = case.snapshot.settings_at.get("temperature", case.snapshot.request_at)
            evidence = Evidence("the temperature", pointer=at, text=str(settings.temperature), snapshot=case.snapshot)
            yield Hit(
                f"{case.id} samples at temperature {settings.temperature:g} without a seed",
                (evidence,),
                facts={"case": case.id},
            )
