"""A loss: less of the prompt was processed than was sent, by whose rule, and what is missing."""

from __future__ import annotations

from ctxdebug.analysis.truncation.missing_part import MissingPart
from ctxdebug.model import Authority, Segment
from ctxdebug.models.providers import Truncation as Policy
from ctxdebug.records import record
from ctxdebug.text.plural import plural
from ctxdebug.tokens.count import Count

_LAW_WORDS = {
    "half": "half the window stays",
    "window": "the window is filled to its edge",
    "messages": "whole old messages are dropped",
}


@record(frozen=True, slots=True)
class Loss:
    """A loss that the counts prove. `end` is `front`, `middle` or `unknown`; `lost` is what the law leaves out."""

    recorded: int
    sent: Count
    policy: Policy | None
    window: int | None
    end: str
    lost: tuple[Segment, ...]
    certain: bool
    """A law fits, or even the text alone is more than what was read."""
    parts: tuple[MissingPart, ...] = ()
    """What the missing tokens match, the likeliest first; two where both fit."""
    said: str = ""
    """The server's own word for it, where it has one."""
    fits_window: bool | None = None
    """Whether what was sent fits the window in force (or its guess); None where no window is known."""

    @property
    def sent_words(self) -> str:
        """The sent tokens, with `~` when they are an estimate."""
        return f"{self.sent.value:,}" if self.sent.exact else f"~{self.sent.value:,}"

    @property
    def summary(self) -> str:
        """The loss in one line: `the provider processed 22 of ~10,968 prompt tokens`."""
        if self.said:
            return self.said
        return f"the provider processed {self.recorded:,} of {self.sent_words} prompt tokens"

    @property
    def matching(self) -> str:
        """What the missing tokens match, in words; empty where no part does."""
        if not self.parts:
            return ""
        mark = "" if self.sent.exact else "about "
        return f"the missing {mark}{self.sent.value - self.recorded:,} tokens match {' or '.join(part.what for part in self.parts)}"

    @property
    def told(self) -> str:
        """The law and what it costs, in words; empty when no law fits."""
        words = [self.matching] if self.parts else []
        if self.said:
            return "what it dropped first is the oldest text behind the kept head"
        if self.policy is not None and self.window is not None:
            law = _LAW_WORDS.get(self.policy.law, self.policy.loses)
            words.append(f"as {self.policy.host} does with a window of {self.window:,}: {law}")
        elif self.policy is not None:
            words.append(f"the request allows it ({self.policy.enabled})")
        if self.lost and not self.parts:
            messages = len({segment.id.partition(".")[0] for segment in self.lost})
            rules = any(segment.authority >= Authority.DEVELOPER for segment in self.lost)
            words.append(
                f"{'the first ' if self.end == 'front' else ''}{plural(messages, 'message')}, "
                f"or part of {'them' if messages > 1 else 'it'}, never seen"
                + (", the rules among them" if rules else "")
            )
        return "; ".join(words)
