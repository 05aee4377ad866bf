"""What a conversation changes as it goes on: users correct themselves, agree to what is proposed, and have things worked out."""

from __future__ import annotations

from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.sources.answer_part import POSSIBLY_DERIVED
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.grounding import Support
from ctxdebug.analysis.sources.near_statements import NearStatement
from ctxdebug.analysis.sources.value_search import says

_OF_A_WORD = frozenset({"name", "noun", "antonym", "weekday", "month"})
"""Differences in a word that another message may have."""


def is_of_conversation(
    near: NearStatement, found: Contradiction, own: Statement, support: Support, evidence: Evidence
) -> bool:
    """Whether what differs from a user's sentence is said in another message, for users correct and agree, or may be worked out."""
    if near.origin is not Origin.USER:
        return False
    value = next((one for one in own.values if one.start == found.claimed[0]), None)
    if value is None:
        words = own.text[slice(*found.claimed)].lower().strip()
        return found.kind in _OF_A_WORD and any(
            words in one.text.lower() for one in evidence.corpus.statements if one.source != near.whole.source
        )
    if any(part.how == POSSIBLY_DERIVED for part in support.parts if part.at == value.start):
        return True
    elsewhere = (one for one in evidence.corpus.statements if one.source != near.whole.source)
    return any(says(value, other) for one in elsewhere for other in one.values)
