"""The words of an answer that make it fail, and how likely a model was to say them, from the log-probabilities of one answer.

The answer itself is one draw; beside it stand the tokens that could have come. So the probability of the failing words
is read at the place where they come, or where they would have come: the likeliest of all places.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ctxdebug.cases.expectation import leaves
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.attribution.token_logprobs import Token
    from ctxdebug.proof.expectation import SameFailure

_FORBIDDEN = frozenset({"not-contains", "not-icontains"})
_WANTED = frozenset({"contains", "icontains", "contains-all", "starts-with"})
_NEARLY = 1e-4
"""Probabilities nearer to 0 or 1 than this are not told from it: the alternatives that a reply names end about there."""
_MOST_TOKENS = 400
"""Tokens of an answer that are looked at."""


@record(frozen=True, slots=True)
class FailingWords:
    """What an answer says and should not, or else what it should say: the words of which the probability is read."""

    words: tuple[str, ...]
    is_wanted: bool = False
    """Whether these words make an answer good; the failure is then that they do not come."""

    def odds(self, tokens: Sequence[Token]) -> float:
        """Return the log-odds of the failure, by the words that are the likeliest; finite."""
        likely = max((_probability(tokens[:_MOST_TOKENS], word) for word in self.words), default=0.0)
        bounded = min(1 - _NEARLY, max(_NEARLY, likely))
        value = math.log(bounded / (1 - bounded))
        return -value if self.is_wanted else value

    def __str__(self) -> str:
        return " or ".join(repr(word) for word in self.words)


def failing_words(failure: SameFailure) -> FailingWords | None:
    """Return the words that decide a failure: what is forbidden, else what is wanted; None where no words do."""
    found = list(leaves(failure.reason or failure.expectation))
    forbidden = [word for name, value, negated in found if _forbids(name, negated) for word in _strings(value)]
    if forbidden:
        return FailingWords(tuple(forbidden))
    wanted = [word for name, value, negated in found if name in _WANTED and not negated for word in _strings(value)]
    return FailingWords(tuple(wanted[:1]), is_wanted=True) if wanted else None


def _forbids(name: str, negated: bool) -> bool:
    return name in (_WANTED if negated else _FORBIDDEN)


def _strings(value: object) -> list[str]:
    texts = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _probability(tokens: Sequence[Token], word: str) -> float:
    """Return how likely the words were at the place where they were the likeliest."""
    goal, best, before = _flat(word).strip(), 0.0, ""
    for number, token in enumerate(tokens):
        if not (before[-1:].isalnum() and token.text[:1].isalnum()):
            best = max(best, _from(tokens[number:], goal))
        before = token.text or before
    return best


def _from(tokens: Sequence[Token], goal: str) -> float:
    """Return how likely the words were from a token on: along the answer as far as it agrees, then by what else could come.

    Where only the beginning of the words could have come it is the probability of that, so at most too much.
    """
    likely, left = 1.0, goal
    for token in tokens:
        rest = _after(token.text, left, first=left is goal)
        if rest is None:
            other = sum(
                math.exp(logprob)
                for text, logprob in token.others
                if text != token.text and _after(text, left, first=left is goal) not in (None, left)
            )
            return likely * min(1.0, other)
        likely *= math.exp(token.logprob)
        if not rest:
            return likely
        left = rest
    return 0.0


def _after(text: str, goal: str, *, first: bool) -> str | None:
    """Return what is left of the words after a token; None where it does not go on with them."""
    said = _flat(text)
    said = said.lstrip(" *_`\"'([") if first else said
    if not said:
        return goal
    if goal.startswith(said):
        return goal[len(said) :]
    return "" if said.startswith(goal) and not said[len(goal) : len(goal) + 1].isalnum() else None


def _flat(text: str) -> str:
    return " ".join(text.replace("\n", " ").split(" ")).casefold()
