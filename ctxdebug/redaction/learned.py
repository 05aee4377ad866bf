"""Secrets that a run has met, hidden in whatever form an output writes them.

A report cuts, wraps, escapes and marks what it quotes, so that a secret in it may no longer look like one. So the captured
text is searched before, and the output is compared with what was found there: by its letters and digits alone, once as they
are, once with escapes undone, once with markup taken out. A stretch of a secret counts where it is long enough to be of use.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ctxdebug.records import field, record
from ctxdebug.redaction.masking import MASK, hidden_parts
from ctxdebug.redaction.named_values import named_secret, nested, strings
from ctxdebug.text.entities import unescaped
from ctxdebug.text.patterns import lazy

_WINDOW = 8
"""Letters and digits in a row that count as a stretch of a secret, where they are no word."""
_SHORTEST = 6
"""Letters and digits of a secret that is hidden where it stands alone; a shorter one is only hidden where the text calls it one."""
_MOST_TEXTS = 200_000
"""Digests of texts that were searched; more are forgotten and searched anew."""
_LONGEST = 20_000
"""Characters of one secret that are remembered."""
_NESTING = 2
"""JSON inside JSON texts that is looked through."""
_AFTER = 1 << 60
_CHARACTERS = 0x110000
_WORD = lazy(r"[^\W_]+")
_MARKUP = r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]{0,4000}(?:\x1b\\|\x07)"
_ESCAPE = r"&(?:\#[0-9]{1,7}|\#x[0-9A-Fa-f]{1,6}|[a-z]{2,8});|\\+(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[nrtbf])|%(?:0A|0D|25)"
_CHIP = r"""<b class="c"[^<>]{0,200}>[^<>]{0,40}</b>"""
_TAG = r"</?[A-Za-z][^<>]{0,2000}>"
_WAYS = (
    _WORD,
    lazy(rf"(?P<gap>{_MARKUP})|(?P<escape>{_ESCAPE})|[^\W_]+"),
    lazy(rf"(?P<gap>{_MARKUP}|{_CHIP}|{_TAG})|(?P<escape>{_ESCAPE})|[^\W_]+"),
)
"""How letters and digits are read from a text: as they are, with escapes undone, with markup taken out."""


@record(slots=True)
class LearnedSecrets:
    """What was found in the captured text of one run; kept in memory only."""

    _windows: dict[str, str] = field(default_factory=dict)
    _whole: dict[str, str] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def learn(self, value: Any, depth: int = 0) -> None:
        """Search a JSON value or a text for secrets, and remember them."""
        for name, text in strings(value):
            if len(text) < _SHORTEST:
                continue
            if secret := named_secret(name, text):
                self._add(secret, "password" if "passw" in name.lower() else "credential", generated=False)
            key = hash(text)
            if key not in self._seen:
                if len(self._seen) >= _MOST_TEXTS:
                    self._seen.clear()
                self._seen.add(key)
                for secret, kind in hidden_parts(text):
                    self._add(secret, kind.name, generated=kind.vendor and "%" not in secret)
            for inner in nested(text) if depth < _NESTING else ():
                self.learn(inner, depth + 1)

    def forget(self) -> None:
        """Begin anew."""
        self._windows.clear()
        self._whole.clear()
        self._seen.clear()

    def hide(self, text: str) -> tuple[str, Counter[str]]:
        """Return a text without any stretch of what was learned, and how many were hidden of which kind."""
        found: list[tuple[int, int, str]] = []
        if self._windows or self._whole:
            for skeleton in _skeletons(text):
                found += self._stretches(skeleton)
        parts: list[str] = []
        kinds: Counter[str] = Counter()
        at = 0
        for start, end, kind in sorted(found):
            if end > at:
                kinds[kind] += not parts or start > at + _WINDOW
                start = max(start, at)
                parts += [text[at:start], MASK * (end - start)]
                at = end
        return ("".join(parts) + text[at:] if parts else text), kinds

    def _add(self, secret: str, kind: str, *, generated: bool) -> None:
        is_telling = _is_irregular if generated else _is_mixed
        for skeleton in _skeletons(secret[:_LONGEST]):
            bare = skeleton.text
            if len(bare) >= _SHORTEST and (len(bare) >= _WINDOW or _is_mixed(bare)) and not bare.isdigit():
                self._whole[bare] = kind
            for at in range(len(bare) - _WINDOW + 1):
                window = bare[at : at + _WINDOW]
                if is_telling(window):
                    self._windows[window] = kind

    def _stretches(self, skeleton: _Skeleton) -> Iterator[tuple[int, int, str]]:
        """Yield the first and last character, and the kind, of what a text says of the secrets."""
        bare, windows = skeleton.text, self._windows
        begun, end, of = 0, 0, ""
        for at in range(len(bare) - _WINDOW + 1):
            kind = windows.get(bare[at : at + _WINDOW])
            if kind is None:
                continue
            if at > end:
                yield from skeleton.places(begun, end, of)
                begun = at
            end, of = at + _WINDOW, kind
        yield from skeleton.places(begun, end, of)
        for whole, kind in self._whole.items():
            at = bare.find(whole)
            while at >= 0:
                if skeleton.stands_alone(at, at + len(whole)):
                    yield from skeleton.places(at, at + len(whole), kind)
                at = bare.find(whole, at + 1)


@record(frozen=True, slots=True)
class _Skeleton:
    """The letters and digits of a text, and where each run of them is in it."""

    text: str
    runs: list[tuple[int, int, int]]
    """(place here, first character in the text, the one after the last); an escape of one letter is longer there."""

    def places(self, start: int, end: int, kind: str) -> Iterator[tuple[int, int, str]]:
        """Yield the stretches of the text that letters `start` to `end` come from."""
        index = bisect_right(self.runs, (start, _AFTER, 0)) - 1
        while start < end and index < len(self.runs):
            here, first, last = self.runs[index]
            after = self.runs[index + 1][0] if index + 1 < len(self.runs) else len(self.text)
            if after - here == last - first:
                yield first + max(start - here, 0), min(first + end - here, last), kind
            else:
                yield first, last, kind
            start, index = after, index + 1

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether these letters are whole words of the text."""
        index = bisect_right(self.runs, (start, _AFTER, 0)) - 1
        ends = bisect_right(self.runs, (end - 1, _AFTER, 0)) - 1
        after = self.runs[ends + 1][0] if ends + 1 < len(self.runs) else len(self.text)
        return self.runs[index][0] == start and after == end


def _skeletons(text: str) -> Iterator[_Skeleton]:
    """Yield the letters and digits of a text, each way of reading it that gives others."""
    known = ""
    for way in _WAYS:
        letters: list[str] = []
        runs: list[tuple[int, int, int]] = []
        size = 0
        for match in way.finditer(text):
            word = _said(match) if match.lastgroup else match.group()
            if word:
                runs.append((size, match.start(), match.end()))
                letters.append(word)
                size += len(word)
        bare = "".join(letters)
        if bare != known:
            yield _Skeleton(bare, runs)
        known = bare


def _said(match: re.Match[str]) -> str:
    """Return the letter or digit that an escape says; empty for markup and for any other character."""
    word = match.group()
    if match.lastgroup == "gap" or word[0] == "%":
        return ""
    if word[0] == "&":
        said = unescaped(word)
    else:
        code = word.lstrip("\\")
        said = chr(int(code[1:], 16)) if len(code) > 2 and int(code[1:], 16) < _CHARACTERS else ""
    return said if len(said) == 1 and said.isalnum() else ""


def _is_irregular(text: str) -> bool:
    """Whether letters and digits are no word, as people write one, and no number."""
    return not (text.isdigit() or (text.isalpha() and (text.islower() or text.isupper() or text.istitle())))


def _is_mixed(text: str) -> bool:
    """Whether there are both letters and digits, so that no words next to each other are taken for a secret of words."""
    return not text.isalpha() and not text.isdigit()
