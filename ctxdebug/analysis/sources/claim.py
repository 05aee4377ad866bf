"""What became of one claim of the answer: the verdict, where it is decided, and what differs."""

from __future__ import annotations

from enum import StrEnum

from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record


class ClaimVerdict(StrEnum):
    """A claim is supported by a passage, contradicted by one, unsupported by all, or was not examined."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    NOT_EXAMINED = "not examined"


class Origin(StrEnum):
    """Who gave the text that a claim was compared with."""

    SOURCE = "source"
    USER = "user"
    DEVELOPER = "system prompt"
    EARLIER = "earlier turn"


@record(frozen=True, slots=True)
class Difference:
    """One point in which a claim differs from what it was compared with.

    `start` and `end` count characters of the captured answer; `spot` is the differing text of the evidence, where there is one.
    """

    kind: str
    """`negation`, `antonym`, `modality`, `quantifier`, `name`, `role`, `date`, …; `addition` for a part that no source contains."""
    claimed: str
    stated: str
    start: int
    end: int
    spot: Passage | None = None


@record(frozen=True, slots=True)
class Claim:
    """A sentence of the answer with its verdict. `start` and `end` count characters of the captured answer.

    `passage` is the evidence that supports or contradicts the claim, or the nearest; its `source` is an index into
    `Examination.evidence.sources`, whose first entries are `Examination.sources`.
    """

    text: str
    start: int
    end: int
    verdict: ClaimVerdict
    why: str = ""
    """Where it is supported, what differs, which part is unsupported, or why it was not examined."""
    passage: Passage | None = None
    origin: Origin = Origin.SOURCE
    differences: tuple[Difference, ...] = ()
    covered: float = 0.0
    """Share of the claim's content, by weight, that the evidence contains (0 to 1)."""
    confidence: float = 0.0
    """How sure a contradiction or an unsupported part is, 0 to 1; 0 for the other verdicts."""
    asserts: bool = True
    """False for what no source must support: a question, a greeting, a heading, an offer, an abstention."""

    @property
    def open(self) -> bool:
        """Whether it states something that no offline check decides, so that a judge can be asked."""
        return self.asserts and self.verdict is ClaimVerdict.NOT_EXAMINED
