"""Where the user's question begins behind the last document: a list without an end mark does not say where it stops."""

from __future__ import annotations

import re

from ctxdebug.records import replace
from ctxdebug.segmentation.cut import Cut
from ctxdebug.text.patterns import lazy

_LONGEST = 400
"""Characters of a paragraph that is a question and no passage."""
_SHORTEST = 30
"""Characters of the document that is left at least."""
_ASKED = lazy(
    r"[ \t]*(?:\*\*)?(?:(?:user(?:'s)?[ ])?(?:q|question|query|frage|pregunta|domanda)[ \t]?:|[^\n]*[?？][\"”*)]*\s*\Z)",
    re.IGNORECASE,
)
_QUESTION = lazy(r"[?？][\"”*)]*[ \t]*(?:\n|\Z)")


def without_question(text: str, cuts: list[Cut]) -> list[Cut]:
    """Return cuts of which the last leaves the question behind it, a last paragraph or line of its own, to the user.

    Where the user asks something outside the documents, or a document asks at the end of a line, nothing is taken from it.
    """
    last = max(cuts, key=lambda cut: cut.end, default=None)
    if last is None or last.document is None or last.tag is not None or text[last.end :].strip():
        return cuts
    body = text[last.start : last.end].rstrip()
    paragraph, line = body.rfind("\n\n") + 2, body.rfind("\n") + 1
    begin = paragraph if paragraph > 1 and _ASKED.match(body, paragraph) else line
    if begin < _SHORTEST or len(body) - begin > _LONGEST or not _ASKED.match(body, begin):
        return cuts
    if _QUESTION.search(body[:begin]) or _QUESTION.search(_outside(text, cuts)):
        return cuts
    return [replace(cut, end=last.start + begin) if cut is last else cut for cut in cuts]


def _outside(text: str, cuts: list[Cut]) -> str:
    at, parts = 0, []
    for cut in sorted(cuts, key=lambda one: one.start):
        parts.append(text[at : cut.start])
        at = max(at, cut.end)
    return "\n".join((*parts, text[at:]))
