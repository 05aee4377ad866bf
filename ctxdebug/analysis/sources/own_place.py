"""Whether a value of a claim is said where the claim itself points: in the document cited, of the thing it stands behind, on the line of its event.

`It starts after probation [a], which is four months [b]`: the four months are those of the probation, and what another document
says of another term is nothing against them.
"""

from __future__ import annotations

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.value import Value, ValueKind
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.citation_labels import labels_in
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.value_search import find_value, says
from ctxdebug.text.patterns import lazy

_ANTECEDENT = lazy(r"([^\W\d_]{3,30})\s{0,40},\s{0,40}(?:which|that)\s(?:[a-z]{1,12}\s){1,3}$")
"""The noun that a relative clause is about, where a value follows: `probation, which is `."""
_TIMED = frozenset({ValueKind.CLOCK, ValueKind.DATE})
_AT_HEAD = 3
"""Characters before the time that a line of a log begins with: `- 18:11 first engine on site`."""


def said_in_its_place(value: Value, own: Statement, cited: str, evidence: Evidence) -> bool:
    """Whether the texts have a claim's value where the claim points; `cited` is the claim with its citations."""
    found = find_value(value, evidence.corpus, own.stems)
    if found is None:
        return False
    there, start, _ = found
    if value.kind in _TIMED and start <= _AT_HEAD and there.stems & own.stems:
        return True
    subject = _ANTECEDENT.search(own.text, 0, value.start)
    if subject is not None and STEM[subject[1]] in there.stems:
        return True
    labels = {label.lower() for label, _, _ in labels_in(cited)}
    return any(
        source.id.lower() in labels
        and any(says(value, other) for one in evidence.corpus.of(number) for other in one.values)
        for number, source in enumerate(evidence.corpus.sources if labels else ())
        if source.id
    )
