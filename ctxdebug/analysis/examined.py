"""How much of what a question covers was examined, so that a verdict is earned and never assumed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Examination:
    """What a question covers in one exchange, and how much of it was looked at.

    Nothing covered (`total` 0) with a reason is *not applicable*; covered and not looked at (`done` 0) is *not checked*.
    """

    total: int
    """How many things the question is about; 0 when there is nothing of the kind."""
    done: int
    """How many of them were looked at."""
    reasons: tuple[str, ...] = ()
    """Why the others were not, or why there is nothing of the kind: plain words, each once."""

    @property
    def complete(self) -> bool:
        """Whether there was something, and all of it was looked at."""
        return 0 < self.total == self.done

    @classmethod
    def not_checked(cls, reason: str) -> Examination:
        """One thing, not looked at."""
        return cls(1, 0, (reason,))

    @classmethod
    def not_applicable(cls, reason: str) -> Examination:
        """There is nothing of the kind."""
        return cls(0, 0, (reason,))

    @classmethod
    def checked(cls) -> Examination:
        """One thing, looked at."""
        return cls(1, 1)
