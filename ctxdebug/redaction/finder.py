"""Find secrets in a text: as they are, with invisible characters inside, and broken into pieces.

A finding names the characters to hide and the secret itself, put together again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.records import record
from ctxdebug.redaction.secret_kinds import SecretKind, lower_case
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

PLACEHOLDER = lazy(r"<REDACTED:([a-z0-9-]{1,40}):([0-9]{1,6})>")
# Unicode's Default_Ignorable_Code_Point and the controls of writing direction: nobody sees them inside a word
_INVISIBLE = lazy(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_HYPHENS = lazy("[\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d]")
_SEAM = lazy(
    r"""(?<=[A-Za-z0-9_-])(?:["'`][ \t]{0,8}(?:[+.&\\][ \t]{0,8})?(?:\\?\r?\n[ \t]{0,40}(?:[+.&][ \t]{0,8})?)?["'`]"""
    r"""|\\?\r?\n[ \t]{0,40}|(?:\\{1,4}r)?\\{1,4}n[ \t]{0,40})(?=[A-Za-z0-9_.-])"""
)
_LEAST_PIECE = 16
"""Characters of a continuation that must look generated, so that the next line's first word is not taken for one."""


@record(frozen=True, slots=True)
class Found:
    """Characters `start` to `end` of a text hide a secret of this kind."""

    start: int
    end: int
    secret: str
    kind: SecretKind


def find(text: str, kinds: Sequence[SecretKind]) -> Iterator[Found]:
    """Yield the secrets of these kinds, each way of finding by itself; the same characters may be yielded twice."""
    lowered = lower_case(text)
    plain = list(_plain(text, lowered, kinds))
    yield from plain
    if not text.isascii() and (_INVISIBLE.search(text) or _HYPHENS.search(text)):
        view = _HYPHENS.sub("-", text)
        yield from _across(view, _INVISIBLE.finditer(view), kinds, touching=view != text)
    if _SEAM.search(text):
        yield from _put_together(text, plain, [kind for kind in kinds if kind.vendor])


def _plain(text: str, lowered: str, kinds: Iterable[SecretKind]) -> Iterator[Found]:
    for kind in kinds:
        if kind.possible(lowered):
            for start, end in kind.spans(text, lowered):
                secret = text[start:end]
                if secret and not PLACEHOLDER.search(secret):
                    yield Found(start, end, secret, kind)


def _across(
    text: str, gaps: Iterable[re.Match[str]], kinds: Sequence[SecretKind], touching: bool = False
) -> Iterator[Found]:
    """Yield what is found when the gaps are left out: what has a gap inside, or with `touching` everything."""
    kept: list[str] = []
    cuts: list[tuple[int, int]] = []  # (place in the view, characters left out before it)
    at = left_out = size = 0
    for gap in gaps:
        kept.append(text[at : gap.start()])
        size += gap.start() - at
        left_out += gap.end() - gap.start()
        cuts.append((size, left_out))
        at = gap.end()
    kept.append(text[at:])
    view = "".join(kept)
    places = _Places(cuts)
    for found in _plain(view, lower_case(view), kinds):
        start, end = places.of(found.start), places.of(found.end - 1) + 1
        if touching or end - start != found.end - found.start:
            yield Found(start, end, found.secret, found.kind)


@record(slots=True)
class _Places:
    """The way from a place in a view back to the text."""

    cuts: list[tuple[int, int]]

    def of(self, place: int) -> int:
        from bisect import bisect_right

        index = bisect_right(self.cuts, (place, 1 << 60)) - 1
        return place if index < 0 else place + self.cuts[index][1]


def _put_together(text: str, plain: Iterable[Found], kinds: Sequence[SecretKind]) -> Iterator[Found]:
    whole = {found.start: found.end for found in plain if found.kind.vendor}
    for found in _across(text, _SEAM.finditer(text), kinds):
        known = whole.get(found.start)
        if known is None or goes_on(text[known : found.end]):
            yield found


def goes_on(rest: str) -> bool:
    """Whether what follows a complete token across a seam is more of it: it looks generated too."""
    piece = _SEAM.sub("", rest).strip()
    longest = max((part for part in piece.split() if part), key=len, default="")
    digits = sum(character.isdigit() for character in longest)
    return len(longest) >= _LEAST_PIECE and digits >= 2 and any(map(str.isalpha, longest))
