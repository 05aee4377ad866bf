"""Pydantic Evals: a dataset and an evaluator that asks no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.export import Exported, copied, exporter, template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.store import StoredCase


@exporter("pydantic-evals", "a Pydantic Evals dataset")
def export(cases: Sequence[StoredCase]) -> Exported:
    """Write the dataset module and the cases."""
    return Exported(
        {"ctxdebug_dataset.py": template("pydantic_evals.py.txt"), **copied(cases)}, run="python ctxdebug_dataset.py"
    )
