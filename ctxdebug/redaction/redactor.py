"""Hide secrets before anything is written: the same value gets the same placeholder everywhere.

Two walks: the first learns every secret of a case, the second replaces each of them wherever it
stands, so that a password named once is also hidden where it is only repeated.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import UsageError
from ctxdebug.records import field, record
from ctxdebug.redaction import pieces
from ctxdebug.redaction.encodings import runs
from ctxdebug.redaction.finder import PLACEHOLDER, Found, find
from ctxdebug.redaction.named_values import header_name, header_pair, named_secret, nested, strings
from ctxdebug.redaction.secret_kinds import Hint, SecretKind, kinds, lower_case, secrets, vendor_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SHORTEST_REPEAT = 8
_NESTING = 3


@record(frozen=True, slots=True)
class Redaction:
    """One secret that was hidden. The value itself is nowhere kept."""

    placeholder: str
    kind: str
    certain: bool


@record(slots=True)
class Redactor:
    """Hides secrets in JSON values and texts; numbers run per kind in the order of first sight.

    `patterns` are the project's own kinds, by name.
    """

    patterns: Mapping[str, str] = field(default_factory=dict)
    personal: bool = True
    """Hide personal data too: addresses, telephone numbers, cards, accounts."""
    _kinds: tuple[SecretKind, ...] = ()
    _certain: tuple[SecretKind, ...] = ()
    _known: dict[str, Redaction] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _repeats: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        self._kinds = (kinds() if self.personal else secrets()) + tuple(configured_kinds(self.patterns))
        self._certain = tuple(kind for kind in self._kinds if kind.certain)

    @property
    def redactions(self) -> tuple[Redaction, ...]:
        """Every secret seen so far, in the order of first sight."""
        return tuple(self._known.values())

    def redact(self, value: Any) -> Any:
        """Return a copy of a JSON value, or a text, without its secrets."""
        self.learn(value)
        return self.apply(value)

    def learn(self, value: Any) -> None:
        """Find the secrets of a value, without changing anything."""
        named = list(strings(value))
        whole = "\n".join(text for _, text in named)
        lowered = lower_case(whole)
        possible = self._kinds if not whole.isascii() else tuple(kind for kind in self._kinds if kind.possible(lowered))
        for text in [whole] if "<REDACTED:" in whole else []:
            for match in PLACEHOLDER.finditer(text):
                kind, number = match.group(1), int(match.group(2))
                self._numbers[kind] = max(self._numbers.get(kind, 0), number)
        for path, text in named:
            self._learn_text(text, path, possible)
        for items in _lists(value):
            for found in pieces.crossing(items, _vendor_found):
                self._add(found.secret, found.kind.name, certain=True)
        self._repeats = None

    def apply(self, value: Any) -> Any:
        """Return a copy of a value with everything hidden that was learned."""
        if isinstance(value, str):
            return self._apply_text(value)
        if isinstance(value, dict):
            named = header_name(value)
            return {
                self._apply_text(key): self._apply_named(named if named and key == "value" else key, item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            pair = header_pair(value)
            if pair:
                return [value[0], self._apply_named(pair, value[1])]
            return [self.apply(item) for item in self._joined(list(value))]
        if isinstance(value, int) and str(value) in self._known:
            return self._known[str(value)].placeholder
        return value

    def _apply_named(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            secret = named_secret(name, value)
            if secret and secret in self._known:
                value = value.replace(secret, self._known[secret].placeholder)
        return self.apply(value)

    def _joined(self, items: list[Any]) -> list[Any]:
        """Return a list without the secrets that its items hold only together."""
        if not self._known:
            return items
        return pieces.rewritten(
            items,
            lambda text: [found for found in _vendor_found(text) if found.secret in self._known],
            lambda found: self._known[found.secret].placeholder,
        )

    def _learn_text(self, text: str, name: str, among: tuple[SecretKind, ...], depth: int = 0) -> None:
        for found in find(text, among):
            self._add(found.secret, found.kind.name, found.kind.certain)
        if secret := named_secret(name, text):
            self._add(secret, "password" if "passw" in name.lower() else "credential", certain=True)
        if depth < _NESTING:
            for inner in nested(text):
                for path, part in strings(inner):
                    self._learn_text(part, path, self._kinds, depth + 1)
            for run in runs(text):
                self._learn_text(run.text, "", self._kinds if run.readable else self._certain, depth + 1)

    def _add(self, secret: str, kind: str, certain: bool) -> None:
        if secret in self._known or PLACEHOLDER.search(secret):
            return
        number = self._numbers.get(kind, 0) + 1
        self._numbers[kind] = number
        self._known[secret] = Redaction(f"<REDACTED:{kind}:{number}>", kind, certain)

    def _apply_text(self, text: str, depth: int = 0, *, readable: bool = True) -> str:
        if not self._known or len(text) < 4:
            return text
        text = self._replace_found(text, self._kinds if readable else self._certain)
        text = self._replace_repeats(text)
        if depth < _NESTING:
            for inner in nested(text):
                redacted = self.apply(inner)
                if redacted != inner:
                    text = json.dumps(redacted, ensure_ascii=text.isascii())
            text = self._replace_encoded(text, depth)
        return text

    def _replace_found(self, text: str, among: Sequence[SecretKind]) -> str:
        parts, at = [], 0
        for found, placeholder in self._replacements(text, among):
            if found.start >= at:
                parts += [text[at : found.start], placeholder]
                at = found.end
        return "".join(parts) + text[at:] if parts else text

    def _replacements(self, text: str, among: Sequence[SecretKind]) -> list[tuple[Found, str]]:
        """Return the learned secrets of a text in order, the longest of those that begin together first."""
        known = [(found, self._known[found.secret]) for found in find(text, among) if found.secret in self._known]
        return sorted(
            ((found, redaction.placeholder) for found, redaction in known),
            key=lambda pair: (pair[0].start, -pair[0].end),
        )

    def _replace_encoded(self, text: str, depth: int) -> str:
        parts, at = [], 0
        for run in sorted(runs(text), key=lambda run: (run.start, -run.end)):
            if run.start < at:
                continue
            redacted = self._apply_text(run.text, depth + 1, readable=run.readable)
            if redacted != run.text:
                parts += [text[at : run.start], run.written(redacted)]
                at = run.end
        return "".join(parts) + text[at:] if parts else text

    def _replace_repeats(self, text: str) -> str:
        if self._repeats is None:
            known = sorted((value for value in self._known if len(value) >= _SHORTEST_REPEAT), key=len, reverse=True)
            forms = {form: value for value in known for form in (value, json.dumps(value)[1:-1])}
            self._repeats = re.compile("|".join(re.escape(form) for form in forms) or r"(?!)")
        return self._repeats.sub(self._placeholder, text)

    def _placeholder(self, match: re.Match[str]) -> str:
        secret = match.group()
        found = self._known.get(secret) or self._known.get(json.loads(f'"{secret}"'))
        return found.placeholder if found else secret


def configured_kinds(patterns: Mapping[str, str]) -> Iterator[SecretKind]:
    """Build the project's own kinds; raises `UsageError` for a name or a pattern that cannot be used."""
    for name, pattern in patterns.items():
        if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
            raise UsageError(f"redaction pattern {name!r}: a name is small letters, digits and hyphens")
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            raise UsageError(f"redaction pattern {name}: {error}") from None
        if compiled.match(""):
            raise UsageError(f"redaction pattern {name}: it matches the empty text")
        yield SecretKind(name, pattern, (Hint(""),), foreign=True)


def remaining(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the names of certain kinds that still stand in the texts; empty when they may be written."""
    redactor = Redactor()
    for text in texts:
        redactor.learn(text)
    return tuple(sorted({redaction.kind for redaction in redactor.redactions if redaction.certain}))


def _vendor_found(text: str) -> list[Found]:
    return sorted(find(text, vendor_tokens()), key=lambda found: (found.start, -found.end))


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _lists(item)
    elif isinstance(value, list):
        if len(value) > 1:
            yield value
        for item in value:
            yield from _lists(item)
