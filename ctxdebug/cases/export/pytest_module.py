"""Plain pytest: one test module that reads the case files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.export import Exported, copied, exporter, template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.store import StoredCase


@exporter("pytest", "a plain test module")
def export(cases: Sequence[StoredCase]) -> Exported:
    """Write the module and the cases."""
    return Exported(
        {"test_ctxdebug_cases.py": template("pytest_module.py.txt"), **copied(cases)},
        run="pytest test_ctxdebug_cases.py",
    )
