"""Read a finding's facts, as the demands of rules need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Demand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Finding


def fact_texts(finding: Finding, *names: str) -> list[str]:
    """Return the texts that a finding's facts hold under the first of these names that has any."""
    for name in names:
        held = finding.facts.get(name)
        values = held if isinstance(held, list | tuple) else [held]
        texts = [value for value in values if isinstance(value, str) and value.strip()]
        if texts:
            return texts
    return []


def fact_needed(finding: Finding) -> Iterator[Demand]:
    """Yield the demand for the fact that the answer needs, where the finding knows it."""
    for text in fact_texts(finding, "fact"):
        yield Demand("contains", text, "the fact that the answer needs")
