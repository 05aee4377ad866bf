"""What a rule in TOML can demand of an exchange; each check yields hits, or says why it could not look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from ctxdebug.errors import UsageError
from ctxdebug.model import Evidence, Hit, Need, NotChecked, value, whole
from ctxdebug.own_rules.places import PLACES, hidden, stretches
from ctxdebug.records import record
from ctxdebug.text.abstention import declines
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.own_rules.wanted import Wanted


class Check(Protocol):
    """One demand of a rule."""

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture."""

    def look(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield where the demand is not met."""


@record(frozen=True, slots=True)
class Condition:
    """When a rule applies: to these models (shell-like patterns), and where a place contains the wanted text."""

    models: tuple[str, ...] = ()
    place: str = "question"
    wanted: Wanted | None = None

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture for the condition to be known."""
        return frozenset() if self.wanted is None else need_of(self.place)

    def holds(self, analysis: Analysis) -> bool:
        """Whether the rule applies; raises `UsageError` where a pattern takes too long."""
        model = analysis.snapshot.model or analysis.snapshot.answered_by or ""
        if self.models and not any(fnmatchcase(model, pattern) for pattern in self.models):
            return False
        wanted = self.wanted
        return wanted is None or any(one.find(wanted, "") is not None for one in stretches(self.place, analysis))


def need_of(place: str) -> frozenset[Need]:
    """Return what a capture must have for a place to be looked at."""
    return frozenset({Need.RESPONSE if PLACES[place].answer else Need.REQUEST})


@record(frozen=True, slots=True)
class Requires:
    """Each of `wanted` stands somewhere in a place."""

    place: str
    wanted: tuple[Wanted, ...]

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture."""
        return need_of(self.place)

    def look(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield a hit for each text that is not there; an answer without words, as a mere call, owes none."""
        place, found = PLACES[self.place], list(stretches(self.place, analysis))
        if not found and not place.demanded:
            return
        missing = [one for one in self.wanted if not any(text.find(one, "") for text in found)]
        if missing and (why := hidden(self.place, analysis)):
            yield NotChecked(why)
            return
        evidence = (whole(found[-1].segments[0], f"{place.words}, without it"),) if found else ()
        for one in missing:
            yield Hit(f"{one} is not in {place.words}", evidence, facts={"required": one.text}, subject=str(one))


@record(frozen=True, slots=True)
class Forbids:
    """None of `unwanted` stands anywhere in a place."""

    place: str
    unwanted: tuple[Wanted, ...]

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture."""
        return need_of(self.place)

    def look(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield a hit for each text that is there."""
        place, found = PLACES[self.place], list(stretches(self.place, analysis))
        clean = True
        for one in self.unwanted:
            exhibits = [exhibit for text in found if (exhibit := text.find(one, "this must not be there")) is not None]
            if exhibits:
                clean = False
                yield Hit(
                    f"{one} is in {place.words}, where it must not be", tuple(exhibits), facts={"forbidden": one.text}
                )
        if clean and (why := hidden(self.place, analysis)):
            yield NotChecked(why)


@record(frozen=True, slots=True)
class TokenLimits:
    """Part of the exchange → the most tokens that it may take. `tools` are the declarations, `answer` what the provider counted."""

    limits: Mapping[str, int]

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture."""
        return frozenset(Need.RESPONSE if part == "answer" else Need.REQUEST for part in self.limits)

    def look(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield a hit for each part that surely takes more; where an estimate lies on both sides of a limit, say so."""
        if self.limits.keys() - {"answer"} and not analysis.prompt.estimable:
            yield NotChecked(analysis.prompt.why_not)
            return
        for part, limit in self.limits.items():
            count = self._count(part, analysis)
            if count is None:
                yield NotChecked("the provider reports no output tokens")
            elif count.low > limit:
                about = "" if count.exact else "~"
                yield Hit(
                    f"{about}{count.value:,} tokens in {_NAMED[part]}, and at most {limit:,} are allowed",
                    self._evidence(part, analysis), facts={"part": part, "tokens": count.value, "limit": limit}, subject=part,
                )  # fmt: skip
            elif count.high > limit:
                yield NotChecked(
                    f"{count.low:,} to {count.high:,} tokens in {_NAMED[part]}: the limit of {limit:,} is in between"
                )

    @staticmethod
    def _count(part: str, analysis: Analysis) -> Count | None:
        usage, prompt = analysis.snapshot.usage, analysis.prompt
        if part == "answer":
            return None if usage is None or usage.output is None else Count.exactly(usage.output)
        if part in {"prompt", "tools"}:
            return prompt.total if part == "prompt" else prompt.tools
        parts = (one.id for text in stretches(part, analysis) for one in text.segments)
        return sum((prompt.segments[name] for name in parts), Count.exactly(0))

    @staticmethod
    def _evidence(part: str, analysis: Analysis) -> tuple[Evidence, ...]:
        if part == "tools":
            largest = max(analysis.snapshot.tools, key=lambda tool: len(tool.text), default=None)
            return () if largest is None else (value(largest.pointer, largest.name, "the largest declaration"),)
        parts = [segment for text in stretches(part, analysis) for segment in text.segments]
        sizes = analysis.prompt.segments
        largest_part = max(
            parts, key=lambda one: sizes[one.id].value if one.id in sizes else len(one.text), default=None
        )
        return () if largest_part is None else (whole(largest_part, "the largest part of it"),)


_NAMED = {**{name: place.words for name, place in PLACES.items()}, "tools": "the list of tools"}


@record(frozen=True, slots=True)
class Cites:
    """An answer from retrieved sources cites one of them; one that abstains owes no citation."""

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture."""
        return frozenset({Need.RESPONSE, Need.REQUEST})

    def look(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield a hit where there are sources and no citation."""
        from ctxdebug.analysis.sources.source_segments import cited_passages

        sourced = analysis.sourced
        if not analysis.answer.strip() or declines(analysis.answer):
            return
        if not sourced.retrieved:
            if why := hidden("documents", analysis):
                yield NotChecked(why)
            return
        if (
            sourced.examination.citations
            or analysis.snapshot.citations
            or any(True for _ in cited_passages(analysis.snapshot.response))
        ):
            return
        _, segment = sourced.answers[0]
        yield Hit("the answer cites none of its sources", (whole(segment, "the answer, without a citation"),))


@record(frozen=True, slots=True)
class ToolNames:
    """Only tools of some names are offered and called; patterns are shell-like."""

    allowed: tuple[str, ...] | None = None
    forbidden: tuple[str, ...] = ()

    @property
    def needs(self) -> frozenset[Need]:
        """Either side of an exchange may name tools."""
        return frozenset()

    def look(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield a hit for each tool that is offered or called and may not be."""
        snapshot = analysis.snapshot
        seen: dict[str, list[Evidence]] = {}
        for tool in snapshot.tools:
            seen.setdefault(tool.name, []).append(value(tool.pointer, tool.name, "offered to the model"))
        called = [segment for segment in snapshot.answer_segments() if segment.call is not None]
        for segment in called:
            assert segment.call is not None
            seen.setdefault(segment.call.name, []).append(whole(segment, "called by the model"))
        calls = {segment.call.name for segment in called if segment.call is not None}
        for name, exhibits in seen.items():
            if not self._may(name):
                how = "called" if name in calls else "offered"
                yield Hit(
                    f"the tool {name} is {how}, which is not allowed",
                    tuple(exhibits),
                    facts={"tool": name},
                    subject=name,
                )

    def _may(self, name: str) -> bool:
        return not _fits(name, self.forbidden) and (self.allowed is None or _fits(name, self.allowed))


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@record(frozen=True, slots=True)
class Checked:
    """A check that looks where its condition holds; a pattern that takes too long leaves the exchange not checked."""

    check: Check
    when: Condition

    @property
    def needs(self) -> frozenset[Need]:
        """What must be in the capture."""
        return self.check.needs | self.when.needs

    def __call__(self, analysis: Analysis) -> Iterator[Hit | NotChecked]:
        """Yield where the demand is not met."""
        try:
            if self.when.holds(analysis):
                yield from self.check.look(analysis)
        except UsageError as error:
            yield NotChecked(str(error))
