"""Whether an answer abstains, asks back, or a look-up found nothing: the one idea of it, its wordings as data.

The wordings are in `phrases/abstention`, `clarification`, `closing` and `empty_result`, a file a language.
"""

from __future__ import annotations

import json
import re

from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import phrases
from ctxdebug.text.recall import by_text
from ctxdebug.text.sentences import sentence_spans

SHORT = 700
"""Characters; an answer up to here that abstains somewhere does little else."""
_TAIL = 60
"""Characters that a report of nothing may go on for (`no results for "parking"`)."""
_EMPTY_JSON = lazy(
    r"""\s*(?:
        \[\s*\] | \{\s*\}
        | \{\s*"(?:results?|documents?|hits|items|matches|data)"\s*:\s*\[\s*\]\s*(?:,[^\n]{0,120})?\}?
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT_THE_CALL = frozenset(
    "message status query q page per_page limit offset took detail info note error reason success ok search date".split()
)
"""Fields of a record that say something of the look-up, and nothing of what was found."""
_QUESTION = lazy(r"[?？]")


@by_text
def abstention(answer: str) -> tuple[int, int] | None:
    """Return the words by which an answer says that it cannot know, as a span, or None."""
    found = phrases("abstention").first(answer)
    return (found.start, found.end) if found else None


def declines(answer: str) -> tuple[int, int] | None:
    """Return the words by which an answer abstains that does little else, as a span, or None."""
    return abstention(answer) if len(answer.strip()) <= SHORT else None


@by_text
def clarification(answer: str) -> tuple[int, int] | None:
    """Return the sentence by which an answer asks for what is missing, as a span, or None."""
    asking, closing = phrases("clarification"), phrases("closing")
    if not asking.found_in(answer):
        return None
    for start, end in sentence_spans(answer):
        sentence = answer[start:end]
        labels = {"statement", "question"} if _QUESTION.search(sentence) else {"statement"}
        if asking.first(sentence, labels) is not None and not closing.found_in(sentence):
            return start, end
    return None


def is_empty(result: str) -> bool:
    """Whether the whole result of a look-up says that there is nothing."""
    if len(result) >= SHORT:
        return False
    text = result.strip(" \t\r\n\"'.!…")
    if not text or _EMPTY_JSON.fullmatch(result) or _is_empty_record(result):
        return True
    found = phrases("empty_result").find(text) if "\n" not in text else ()
    return any(one.start == 0 and len(text) - one.end <= _TAIL for one in found)


def has_empty_list(result: str) -> bool:
    """Whether a result is a record with an empty list and nothing else that was found: `{"payments": [], "total": 0}`."""
    return len(result) < SHORT and _is_empty_record(result)


def _is_empty_record(result: str) -> bool:
    if "[" not in result or result.lstrip()[:1] != "{":
        return False
    try:
        read = json.loads(result)
    except ValueError:
        return False
    fields = list(read.items())
    found = [value for _, value in fields if isinstance(value, (list, dict))]
    rest = [(str(key).lower(), value) for key, value in fields if not isinstance(value, (list, dict))]
    return (
        bool(found)
        and not any(found)
        and all(value in {0, None, ""} or value is False or key in _ABOUT_THE_CALL for key, value in rest)
    )
