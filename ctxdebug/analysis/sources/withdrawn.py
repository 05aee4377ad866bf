"""Parts of a text that say of themselves that they no longer hold: `NOTICE 17 (withdrawn as of 1 February)` and the lines below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

if TYPE_CHECKING:
    from ctxdebug.analysis.claims.contradiction import Contradiction
    from ctxdebug.analysis.claims.statement import Statement
    from ctxdebug.analysis.sources.evidence import Evidence
    from ctxdebug.analysis.sources.near_statements import NearStatement

_HEADING = 160
"""Characters of a first line that says what its block is."""
_ON_TOPIC = 0.5
_SURE = 0.8
_WITHDRAWN = lazy(
    r"(?<!not )(?<!nicht )\b(?:withdrawn|superseded|repealed|obsolete|outdated|no longer (?:valid|in force|applicable)|"
    r"(?:old|former|previous) (?:version|policy|notice|rules?|price list)|replaced (?:by|on|as of|since)|"
    r"aufgehoben|außer Kraft|nicht mehr gültig|abgelöst (?:durch|am)|abrogée?s?|remplacée?s? (?:par|le|depuis)|n['’]est plus en vigueur|"
    r"derogad[oa]s?|sustituid[oa]s? (?:por|el|desde)|abrogat[oaie]|sostituit[oaie] (?:da|dal|il))\b",
    re.IGNORECASE,
)


@by_text
def withdrawn(text: str) -> tuple[tuple[int, int], ...]:
    """Return the blocks, first line included, whose first line says that they were withdrawn or replaced, as spans."""
    if _WITHDRAWN.search(text) is None:
        return ()
    found = []
    for start, end in _blocks(text):
        stop = text.find("\n", start, end)
        if 0 <= stop - start <= _HEADING and stop + 1 < end and _WITHDRAWN.search(text, start, stop):
            found.append((start, end))
    return tuple(found)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines between blank ones."""
    start, at = -1, 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = at if start < 0 else start
        elif start >= 0:
            yield start, at
            start = -1
        at += len(line)
    if start >= 0:
        yield start, len(text)


def against_what_holds(
    own: Statement, evidence: Evidence, near: Sequence[NearStatement]
) -> tuple[NearStatement, Contradiction] | None:
    """Return the sentence that holds, where a claim has a value that only a withdrawn part says and the sentence another one of its kind."""
    from ctxdebug.analysis.claims.comparison import Relation, compare
    from ctxdebug.analysis.claims.contradiction import Contradiction
    from ctxdebug.analysis.claims.values import NUMERIC
    from ctxdebug.analysis.sources.value_search import says

    gone = [one for one in evidence.corpus.statements if evidence.is_withdrawn(one)]
    if not gone:
        return None
    for value in (one for one in own.values if one.kind in NUMERIC):
        saying = [one for one in evidence.corpus.statements if any(says(value, other) for other in one.values)]
        if not saying or not all(map(evidence.is_withdrawn, saying)):
            continue
        for one in near:
            rivals = [w for w in one.statement.values if w.kind is value.kind and w.unit == value.unit]
            if one.own < _ON_TOPIC or len(rivals) != 1:
                continue
            if compare(value, rivals[0], limits=True).relation is Relation.CONFLICT:
                claimed, stated = (value.start, value.end), (rivals[0].start, rivals[0].end)
                return one, Contradiction(value.kind.value, _SURE, claimed, stated)
    return None
