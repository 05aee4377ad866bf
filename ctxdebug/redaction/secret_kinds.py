"""What a secret looks like, one row of data per kind: anchored patterns that read a text once.

`vendor_tokens.txt` holds the vendors' documented token formats, `text_forms.txt` the ways in which people and tools write
a secret into text, `personal_data.txt` what is hidden in cases only. A row's `secret` group is the part to hide; without
one, the whole match is. `certain` kinds may never be written nor printed.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ctxdebug.records import record
from ctxdebug.redaction import checksums
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# a token begins after anything that is not part of one; JSON escapes and percent signs end a word too
_START = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
_END = r"(?![A-Za-z0-9])"
_MACROS: Final = {
    "<is>": r"""(?:\\?["'])?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}(?:\\?["'`])?""",
    "<value>": r"""(?P<secret>(?>(?:[^\s"'`,;&<>{}()\[\]\\|]|&(?![A-Za-z0-9_.-]{1,64}=)){6,400}))(?![(\[])""",
}
_PEM_NAME = r"(?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
_LABEL_REACH = 24
"""Characters before a number in which a word may say that it is a part's."""
_CHECKS: Final[Mapping[str, Callable[[str], bool] | None]] = {
    "none": None,
    "varied": checksums.is_varied,
    "token": checksums.is_token,
    "mixed": checksums.is_mixed,
    "password": checksums.is_password,
    "prose": checksums.is_password_in_prose,
    "given": checksums.is_given,
    "email": checksums.is_mailbox,
    "iban": checksums.is_iban,
    "card": checksums.is_card,
    "phone": checksums.is_phone,
}


@record(frozen=True, slots=True)
class Hint:
    """A lower-case text with which a match begins, or that stands `least` to `most` characters after its beginning."""

    text: str
    least: int = 0
    most: int = 0
    anywhere: bool = False
    """It is somewhere in the match."""

    @classmethod
    def read(cls, written: str) -> Hint:
        """Return a hint as a row writes it: `sk-`, `.<24-28`, `~@`."""
        if written.startswith("~"):
            return cls(written[1:], anywhere=True)
        text, _, distance = written.rpartition("<") if "<" in written[1:] else (written, "", "0")
        least, _, most = distance.partition("-")
        return cls(text, int(least), int(most or least))


@record(frozen=True)
class SecretKind:
    """One kind of secret. `hints` say where a match can begin, so that a long text is not searched character by character."""

    name: str
    expression: str
    hints: tuple[Hint, ...]
    certain: bool = True
    valid: Callable[[str], bool] | None = None
    ignore_case: bool = False
    foreign: bool = False
    """The project's own expression, which need not be linear and so runs in a process that can be ended."""
    vendor: bool = False
    """A vendor's token, which is known by its own form wherever it is."""
    example: str = ""
    """In the notation of `vendor_tokens.txt`."""
    source: str = ""
    """Where the form is documented."""
    confirmed: bool = False
    """Whether that page was read and states the form."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression; on first use, because most texts hold no hint of most kinds."""
        return lazy(self.expression, re.IGNORECASE if self.ignore_case else 0)

    def spans(self, text: str, lowered: str | None = None) -> Iterator[tuple[int, int]]:
        """Yield where secrets of this kind are in a text; `lowered` is the text as `lower_case` returns it."""
        if self.foreign:
            from ctxdebug.redaction.bounded_regex import find_all

            yield from find_all(self.expression, text)
            return
        lowered = lower_case(text) if lowered is None else lowered
        for match in self._matches(text, lowered):
            start, end = match.span(self._group)
            secret = match.group(self._group)
            if (self.valid is None or self.valid(secret)) and (self.certain or not _numbers_a_part(text, start)):
                yield start, end

    @cached_property
    def _group(self) -> str | int:
        return "secret" if "secret" in self.pattern.groupindex else 0

    def _matches(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        if any(hint.anywhere for hint in self.hints):
            yield from self.pattern.finditer(text) if self.possible(lowered) else ()
            return
        end = 0
        for start in sorted({start for hint in self.hints for start in _starts(lowered, hint)}):
            match = self.pattern.match(text, start) if start >= end else None
            if match is not None:
                yield match
                end = max(match.end(), start + 1)

    def possible(self, lowered: str) -> bool:
        """Whether a lower-case text may hold one."""
        return any(hint.text in lowered for hint in self.hints)


def _starts(lowered: str, hint: Hint) -> Iterator[int]:
    """Yield where a match can begin that has this hint."""
    at = lowered.find(hint.text)
    while at >= 0:
        yield from range(max(0, at - hint.most), at - hint.least + 1)
        at = lowered.find(hint.text, at + 1)


def lower_case(text: str) -> str:
    """Return a text in small letters, of the same length: the few letters that would become two stay as they are."""
    lowered = text.lower()
    return (
        lowered if len(lowered) == len(text) else "".join(low if len(low := one.lower()) == 1 else one for one in text)
    )


def _numbers_a_part(text: str, start: int) -> bool:
    return _part_label().search(text[max(0, start - _LABEL_REACH) : start]) is not None


@cache
def _part_label() -> re.Pattern[str]:
    words = "|".join(re.escape(line) for line in _lines("part_numbers.txt"))
    return re.compile(rf"(?<![a-z])(?:{words})(?:[ ]?(?:numbers?|nos?|nr|id|code))?[ .:#=-]{{0,4}}\Z", re.IGNORECASE)


def _lines(name: str) -> Iterator[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _rows(name: str, *, vendor: bool, certain: bool) -> Iterator[SecretKind]:
    for line in _lines(name):
        kind, check, hints, pattern, example, source, *read = line.split("\t")
        for macro, meaning in _MACROS.items():
            pattern = pattern.replace(macro, meaning)
        yield SecretKind(
            kind, f"{_START}(?:{pattern}){_END}" if vendor else pattern, tuple(map(Hint.read, hints.split())), certain, _CHECKS[check],
            ignore_case=not vendor, vendor=vendor, example=example, source=source, confirmed=read == ["confirmed"],
        )  # fmt: skip


def _private_key() -> SecretKind:
    body = r"(?>(?:[A-Za-z0-9+/=\s\\:,;.()]++|-(?!----))*)"  # no `(…)*+`: Python before 3.11.5 ends such a one too late
    pattern = (
        rf"-----BEGIN {_PEM_NAME}(?>(?:\\[nr]|\s)*)(?=[A-Za-z0-9+/=]{{24}}|Proc-Type|Version|Comment)"
        rf"{body}(?:-----END {_PEM_NAME})?"
    )
    example = "-----BEGIN PRIVATE KEY-----\n{w64}\n-----END PRIVATE KEY-----"
    source = "https://www.rfc-editor.org/rfc/rfc7468"
    return SecretKind("private-key", pattern, (Hint("-----begin "),), vendor=True, example=example, source=source)


@cache
def kinds() -> tuple[SecretKind, ...]:
    """Return every kind: vendors' tokens first, then the forms of text, then personal data."""
    return (
        *_rows("vendor_tokens.txt", vendor=True, certain=True),
        _private_key(),
        *_rows("text_forms.txt", vendor=False, certain=True),
        *_rows("personal_data.txt", vendor=False, certain=False),
    )


@cache
def secrets() -> tuple[SecretKind, ...]:
    """Return the kinds that may never be shown."""
    return tuple(kind for kind in kinds() if kind.certain)


@cache
def vendor_tokens() -> tuple[SecretKind, ...]:
    """Return the kinds that are known by their own form, so that pieces of one can be put together."""
    return tuple(kind for kind in kinds() if kind.vendor)
