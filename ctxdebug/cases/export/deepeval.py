"""DeepEval: test cases with a metric that asks no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.export import Exported, copied, exporter, template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.store import StoredCase


@exporter("deepeval", "a DeepEval test module")
def export(cases: Sequence[StoredCase]) -> Exported:
    """Write the module and the cases."""
    return Exported(
        {"test_ctxdebug_deepeval.py": template("deepeval.py.txt"), **copied(cases)},
        run="pytest test_ctxdebug_deepeval.py",
    )
