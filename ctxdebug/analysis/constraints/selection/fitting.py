"""What can be asked of a part of an answer: no sentence has paragraphs, and no item is a whole JSON text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import CHECKED_TYPES

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.analysis.constraints.selection.part import Part

_TOO_LARGE = {
    "length.sentences": {"sentence"},
    "length.paragraphs": {"sentence", "paragraph", "line", "item", "bullet", "heading", "title"},
    "length.lines": {"sentence", "line", "heading", "title"},
    "format.bullets": {"sentence", "line", "item", "bullet", "heading", "title"},
    "format.numbered": {"sentence", "line", "item", "bullet", "heading", "title"},
}
"""What is counted, and the parts that cannot hold any of it."""
_OF_WHOLE = frozenset(
    {"format.sections", "format.responses", "position.repeat", "position.postscript", "format.json", "count.items"}
)
"""Kinds that ask something of the answer as a whole only."""


def fits(one: Constraint, parts: tuple[Part, ...]) -> bool:
    """Whether what is read of a sentence can be asked of the parts that it names."""
    if one.type not in CHECKED_TYPES or one.of_calls or one.unchecked is not None or one.type in _OF_WHOLE:
        return False
    if one.params.get("separator") or parts[-1].unit in _TOO_LARGE.get(one.type, ()):
        return False
    lacking = one.negative or (one.params.get("lo") is None and one.params.get("hi") is not None)
    return not parts[0].outside or lacking or one.type.startswith(("case.", "language"))
