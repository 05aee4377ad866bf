"""Count words, sentences, paragraphs, bullets and marks of an answer."""

from __future__ import annotations

import json
import re

from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import counted_ends
from ctxdebug.text.words import WORD

_ASIDE = lazy(r"\(?\[[^\]\n]*\]\([^)\n]*\)\)?|\[[^\]\n]{1,40}\]|【[^】\n]*】|https?://\S+")
"""Citations after the last full stop, which are no sentence of their own."""
_BULLET = lazy(r"^[ \t]*(?:\*(?!\*)|-(?!-)|[•‣▪◦●–+](?![-\d]))[ \t]*(?=\S)[^\n]*$", re.MULTILINE)
_RULE = lazy(r"^[ \t]*[-*_](?:[ \t]*[-*_]){2,}[ \t]*$", re.MULTILINE)
_HIGHLIGHT = lazy(r"(?<!\*)\*\*?([^\n*]+)\*\*?|(?<![\w_])_([^\n_]+)_(?![\w_])")
_PLACEHOLDER = lazy(r"\[[^\[\]\n]+\](?!\()")
_CAPITALS = lazy(r"[^\W\d_]+(?:['’&.-][^\W\d_]+)*")
_EMOJI = lazy(
    "[\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff\U0001fa70-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u26ff\u2705\u2728\u274c\u274e\u2753-\u2757\u2763-\u2764\u27a1\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]"
)


def words(text: str) -> int:
    """How many words: runs of letters and digits."""
    return sum(1 for _ in WORD.finditer(text))


def sentences(text: str, language: str = "en") -> int:
    """How many sentences, as a person counts them: a title or a list of three words is not one more."""
    ends = list(counted_ends(text, language))
    return len(ends) + bool(WORD.search(_ASIDE.sub(" ", text[ends[-1] if ends else 0 :])))


def paragraphs(text: str) -> list[str]:
    """Paragraphs that hold anything, parted by blank lines."""
    return [part for part in re.split(r"\n[ \t]*\n\s*", text.strip()) if part.strip()]


def parts(text: str, separator: str) -> list[str]:
    """Parts between separators of asterisks; an empty part at either end does not count."""
    found = re.split(r"\s?" + re.escape(separator) + r"\s?", text)
    while found and not found[0].strip():
        found = found[1:]
    while found and not found[-1].strip():
        found = found[:-1]
    return found


def bullets(text: str, *, markdown: bool = False) -> list[tuple[int, int]]:
    """Bulleted lines, as spans; with `markdown` only those that begin with `*` or `-`. A rule (`---`) is none."""
    found = (match for match in _BULLET.finditer(text) if not _RULE.fullmatch(match[0]))
    return [match.span() for match in found if not markdown or match[0].lstrip()[0] in "*-"]


def highlights(text: str) -> int:
    """Stretches set in asterisks or underscores, one line at most."""
    return sum(1 for match in _HIGHLIGHT.finditer(text) if (match[1] or match[2]).strip())


def placeholders(text: str) -> int:
    """Words in square brackets that are not links."""
    return sum(1 for _ in _PLACEHOLDER.finditer(text))


def capitals(text: str) -> int:
    """Words all in capital letters; `I` and `A` count."""
    return sum(1 for match in _CAPITALS.finditer(text) if match[0].isupper())


def emojis(text: str) -> list[tuple[int, int]]:
    """Emoji, as spans."""
    return [match.span() for match in _EMOJI.finditer(text)]


def json_problem(text: str) -> str | None:
    """Why a text is not JSON, or None when it is; one fence of backticks around it is let pass."""
    body = text.strip()
    fenced = re.fullmatch(r"```[a-zA-Z]*\s*\n?(.*?)\n?\s*```", body, re.DOTALL)
    body = fenced[1] if fenced else body
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None
