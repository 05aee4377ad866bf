"""Context blocks without tags or labels, as the default prompts of RAG frameworks write them."""

from __future__ import annotations

import re

from ctxdebug.model import Document
from ctxdebug.segmentation.cut import Cut
from ctxdebug.segmentation.descriptions import completed
from ctxdebug.segmentation.lines import at_line_starts
from ctxdebug.text.patterns import lazy

_RULED = lazy(r"(?:context|documents?|sources?)[^\n]{0,80}(?:below|following)[^\n]{0,40}\n-{5,}\n", re.IGNORECASE)
_RULE = lazy(r"^-{5,}[ \t]{0,4}$", re.MULTILINE)
_TITLED = lazy(
    r"""
      ^[ \t]{0,4}(?:\*\*|\#{1,4}[ ])?(?:(?:retrieved[ ]|relevant[ ]|additional[ ]|given[ ])?(?:context
        |documents?|sources?|passages?|search[ ]results?|excerpts?|knowledge[ ]base|reference[ ]material
        |background[ ]information))[^\n:]{0,40}:(?:\*\*)?[ \t]{0,4}\n
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_END = lazy(
    r"""
      ^[ \t]{0,4}(?:\*\*|\#{1,4}[ ])?(?:user(?:'s)?[ ])?(?:question|query|task|answer|helpful[ ]answer
        |final[ ]answer|instructions?|request|conversation|chat[ ]history)[^\n:]{0,30}:
    | ^[ \t]{0,4}given[ ]the[ ](?:context|new[ ]context)
    | ^-{5,}[ \t]{0,4}$
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SHORTEST = 60


def framed(text: str) -> list[Cut]:
    """Return the one context block of a prompt, if it has one."""
    opening = _RULED.search(text) if "\n-----" in text else None
    if opening is not None:
        closing = _RULE.search(text, opening.end())
        end = closing.start() if closing else len(text)
    else:
        opening = next(at_line_starts(_TITLED, text), None) if ":" in text and "\n" in text else None
        if opening is None:
            return []
        closing = _END.search(text, opening.end())
        end = closing.start() if closing else len(text)
    body = text[opening.end() : end]
    if len(body.strip()) < _SHORTEST:
        return []
    return [Cut(opening.end(), end, completed(Document(), body))]
