"""What a part of an answer is called: its unit, and which of them are meant."""

from __future__ import annotations

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Part:
    """Parts of one unit (`sentence`, `paragraph`, `line`, `item`, `bullet`, `section`, `heading`, `title`, `code`, …).

    `first` and `step` say which: `first` counts from 1, or from the end where it is negative; `step` 0 is that one alone, any other
    takes every so many from there on. `count` takes so many from `first` on (a negative `first`: the last so many). With
    `outside`, all but these are meant.
    """

    unit: str
    first: int = 1
    step: int = 1
    count: int | None = None
    outside: bool = False

    @property
    def each(self) -> bool:
        """Whether every part of the unit is meant."""
        return self.first == 1 and self.step == 1 and self.count is None

    def __str__(self) -> str:
        """Say which parts in a few words."""
        if self.each:
            named = f"each {self.unit}"
        elif self.count is not None:
            named = f"the {'last' if self.first < 0 else 'first'} {self.count} {self.unit}s"
        elif self.step:
            named = f"every {self.unit} of {self.step} from {self.first}"
        else:
            named = f"the last {self.unit}" if self.first == -1 else f"{self.unit} {self.first}"
        return f"all but {named}" if self.outside else named

    def of(self, found: list[str]) -> list[str] | None:
        """Return the selected ones of all parts; None where there are not enough of them."""
        if self.count is not None:
            if len(found) < self.count:
                return None
            return found[-self.count :] if self.first < 0 else found[: self.count]
        if self.step:
            return found[self.first - 1 :: self.step]
        index = self.first - 1 if self.first > 0 else len(found) + self.first
        return [found[index]] if 0 <= index < len(found) else None
