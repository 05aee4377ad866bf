"""Which rules run: codes, prefixes and families, chosen and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ctxdebug.errors import UsageError
from ctxdebug.records import record
from ctxdebug.rules import Rule
from ctxdebug.text.nearest import did_you_mean


@record(frozen=True, slots=True)
class Selection:
    """`select` empty means all; `ignore` is taken away from it. Each is a code, a prefix, a rule's or a family's name."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def of(self, rules: Mapping[str, Rule], among: Mapping[str, Rule] | None = None) -> list[Rule]:
        """Return the rules that run, by code, out of `among` (default: all); raises `UsageError` on a selector that means none."""
        chosen = self._matching(rules, self.select) if self.select else set(rules)
        chosen -= self._matching(rules, self.ignore)
        return [rules[code] for code in (rules if among is None else among) if code in chosen]

    @staticmethod
    def _matching(rules: Mapping[str, Rule], selectors: Iterable[str]) -> set[str]:
        codes: set[str] = set()
        for selector in selectors:
            word = selector.strip()
            found = {
                code
                for code, rule in rules.items()
                if code.startswith(word.upper()) or word.lower() in {rule.name, rule.family}
            }
            if not found:
                known = [*rules, *(rule.name for rule in rules.values()), *{rule.family for rule in rules.values()}]
                raise UsageError(f"no rule or family is called {word!r}{did_you_mean(word, known)}")
            codes |= found
        return codes
