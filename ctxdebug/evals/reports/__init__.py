"""Ways to tell how cases fared: one file, one format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.records import record
from ctxdebug.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.evals.comparison import Comparison
    from ctxdebug.evals.trials import Evaluation

    Render = Callable[[Evaluation, Comparison | None], str]


@record(frozen=True, slots=True)
class EvalFormat:
    """A format of the result."""

    name: str
    about: str
    render: Render


EVAL_FORMATS: Registry[EvalFormat] = Registry("ctxdebug.evals.reports", lambda entry: entry.name)


def eval_format(name: str, about: str) -> Callable[[Render], Render]:
    """Register a format."""
    return EVAL_FORMATS.register(lambda render: EvalFormat(name, about, render))
