"""A request as a reduction sees it: its units at each level, and the answers to what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.units import Level, UnitKind, units_of, without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.sequential import Counts
    from ctxdebug.proof.trial import Experiment
    from ctxdebug.proof.units import Unit

_WHOLE = (UnitKind.CALLS, UnitKind.TOOL, UnitKind.SETTING)
"""Coarse units that finer ones do not make up."""


class Context:
    """The space in which a request is reduced; the levels are those of `Level`, coarse to fine."""

    levels = len(Level)

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.labels: dict[str, Unit] = {}
        """Every unit that was seen, by its name."""
        self._units: dict[tuple[str, int], dict[str, Unit]] = {}

    def units(self, state: Request, level: int) -> Sequence[str]:
        """Return the names of the units of a request; a level has names of its own."""
        key = state.digest, level
        if key not in self._units:
            found = units_of(state, Level(level), self.experiment.run)
            named = {f"{Level(level).name.lower()}:{unit.id}": unit for unit in found}
            self._units[key] = named
            self.labels |= named
        return list(self._units[key])

    def without(self, state: Request, level: int, units: frozenset[str]) -> Request:
        """Return the request without some of its units."""
        self.units(state, level)
        held = self._units[state.digest, level]
        return without(state, (held[name] for name in units))

    def key(self, state: Request) -> str:
        """Return the hash of the request."""
        return state.digest

    def ask(self, state: Request, runs: int) -> Counts:
        """Return how many of the first `runs` answers fail."""
        return self.experiment.counts(state, runs)


def finest(request: Request, run: RunOptions) -> tuple[Unit, ...]:
    """Return the units that a context is counted in: its sentences, its calls, tools and settings."""
    coarse = units_of(request, Level.MESSAGES, run)
    return (*units_of(request, Level.SENTENCES, run), *(unit for unit in coarse if unit.kind in _WHOLE))
