"""Choose how much of each block a shared capture keeps: the least with which the findings still stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.analysis.directives.defang import defang
from ctxdebug.cases.exchanges import examine
from ctxdebug.cases.standalone import StandaloneExchange
from ctxdebug.model import Severity
from ctxdebug.records import field, record, replace
from ctxdebug.sharing.blocks import Block, Form, blocks_of
from ctxdebug.sharing.copy import copied
from ctxdebug.sharing.shortening import unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding

_MOST_CHECKS = 40
_MOST_CHARACTERS = 3_000_000
"""Of all copies that are examined together: a long capture gets fewer tries."""

Forms = dict[Block, Form]


@record(frozen=True, slots=True)
class Chosen:
    """A copy, and what the detectors say of it."""

    forms: Mapping[Block, Form]
    exchange: StandaloneExchange
    findings: tuple[Finding, ...]
    usage_kept: bool = False

    def missed(self, wanted: Counter[str]) -> Counter[str]:
        """Return the codes of findings that no longer stand, each with how many."""
        return wanted - codes(self.findings)

    def added(self, known: Counter[str]) -> list[str]:
        """Return the codes of errors and warnings that only the copy has."""
        loud = Counter(one.code for one in self.findings if one.severity > Severity.NOTE)
        return sorted((loud - known).keys())


def codes(findings: Sequence[Finding]) -> Counter[str]:
    """Return how many findings of each rule there are."""
    return Counter(finding.code for finding in findings)


@record(slots=True)
class Search:
    """The tries of one exchange, redacted already; `wanted` are the findings to keep."""

    examined: Examined
    exchange: StandaloneExchange
    wanted: tuple[Finding, ...]
    options: RunOptions
    blocks: tuple[Block, ...] = ()
    _checks: int = 0
    _characters: int = 0
    _known: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.blocks = blocks_of(self.examined, self.wanted)
        self._known = codes(self.examined.findings)
        self.options = replace(self.options, steps=False)

    def whole(self, safe: Callable[[str], str] = defang) -> Chosen:
        """Return the copy that leaves nothing out."""
        return self._tried(dict.fromkeys(self.blocks, Form.WHOLE), usage=True, safe=safe)

    def least(self, wanted: Counter[str]) -> Chosen:
        """Return the shortest copy found in which `wanted` stand and no error or warning is new; the whole one at worst."""
        fallback: Chosen | None = None
        for forms, usage in self._rungs():
            chosen = self._tried(forms, usage=usage)
            if not chosen.missed(wanted):
                if not chosen.added(self._known):
                    return self._less(chosen, wanted)
                fallback = fallback or chosen
        return fallback or self.whole()

    def _rungs(self) -> Iterator[tuple[Forms, bool]]:
        """Yield choices, from the shortest copy to the whole one."""
        short = dict.fromkeys(self.blocks, Form.SHORT)
        yield short, False
        yield dict.fromkeys(self.blocks, Form.SUPPORTED), False
        cited = short | {block: Form.WHOLE for block in self.blocks if block.cited}
        yield cited, False
        with_prompt = cited | {block: Form.WHOLE for block in self.blocks if block.authored or block.tool}
        yield with_prompt, False
        yield {block: max(form, Form.MASKED) for block, form in cited.items()}, True
        yield {block: max(form, Form.MASKED) for block, form in with_prompt.items()}, True
        sources = with_prompt | {block: Form.WHOLE for block in self.blocks if block.untrusted}
        yield sources, False
        yield dict.fromkeys(self.blocks, Form.WHOLE), True

    def _less(self, chosen: Chosen, wanted: Counter[str]) -> Chosen:
        """Return a shorter copy: each block that is kept whole is shortened where the findings do not need it, the longest first."""
        for block in sorted(self.blocks, key=lambda block: -len(block.text)):
            for form in range(chosen.forms[block]):
                if self._checks >= _MOST_CHECKS or self._characters >= _MOST_CHARACTERS:
                    return chosen
                tried = self._tried({**chosen.forms, block: Form(form)}, usage=chosen.usage_kept)
                if not tried.missed(wanted) and not tried.added(self._known):
                    chosen = tried
                    break
        return chosen

    def _tried(self, forms: Forms, *, usage: bool, safe: Callable[[str], str] = defang) -> Chosen:
        left_out = None if usage else self.examined.snapshot
        body, response = copied(self.exchange, self.blocks, forms, safe=safe, usage_of=left_out)
        copy = replace(self.exchange, body=body, response=response)
        self._checks += 1
        self._characters += sum(len(block.text) for block in self.blocks if forms[block] is not Form.SHORT)
        return Chosen(forms, copy, examine(copy.snapshot(self.options), self.options).findings, usage)


def undefanged(search: Search) -> Chosen:
    """Return the copy that leaves nothing out and defangs nothing, to tell what defanging changes."""
    return search.whole(unchanged)
