"""What a provider or a chat template does with the roles and the order of a message list, row by row.

The rows are data (`data/roles.json`); the checks that they name are in `analysis/role_order`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from ctxdebug.models.catalogue import resolve
from ctxdebug.models.data_files import read
from ctxdebug.models.spelling import canonical_host, plain_names
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

ANY_FORMAT = frozenset({None, "transcript"})
"""Formats that no provider speaks: a conversation typed by hand is judged by its provider alone."""

_FIELD = lazy(r"\{\w+\}")


class Behaviour(StrEnum):
    """What happens to a message list of that shape."""

    REJECTED = "rejected"
    CHANGED = "changed"
    ACCEPTED = "accepted"


@record(frozen=True, slots=True)
class RoleRow:
    """One behaviour of one range of providers and models."""

    id: str
    kind: str
    """What is wrong: a `role`, the `order` of turns, or `tools` (calls and results)."""
    check: str
    """The named static check that it applies to."""
    behaviour: Behaviour
    source: str
    hosts: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    models: re.Pattern[str] | None = None
    not_models: re.Pattern[str] | None = None
    lacks: str | None = None
    """A feature (`ModelInfo.lacks`) without which the row holds."""
    message: str | None = None
    """The provider's words, with `{index}`, `{id}`, … where the request's particulars stand."""
    also: tuple[str, ...] = ()
    """Other wordings of the same error."""
    param: str | None = None
    status: int | None = None
    effect: str | None = None
    """What a change does, in plain words."""
    certain: bool = True
    """False where versions of the provider differ."""
    report: str | None = None
    """A second check without which the change loses nothing; `never` for what is only told on demand."""
    grave: bool = False
    """A change after which the text may not do what it was written for."""
    advice: str | None = None
    """What to do about it."""
    note: str | None = None

    def holds_for(self, host: str | None, wire: str | None, names: tuple[str, ...], lacks: frozenset[str]) -> bool:
        """Whether the row speaks of this host, wire format and model."""
        return (
            (not self.hosts or host in self.hosts)
            and (not self.formats or wire in ANY_FORMAT or wire in self.formats)
            and (self.models is None or any(map(self.models.match, names)))
            and (self.not_models is None or not any(map(self.not_models.match, names)))
            and (self.lacks is None or self.lacks in lacks)
        )

    def said_in(self, text: str) -> bool:
        """Whether an error text is this row's message, in any of its wordings."""
        return any(_pieces_in(wording, text) for wording in (self.message, *self.also) if wording)


@cache
def role_rows() -> tuple[RoleRow, ...]:
    """Every row of the table."""
    return tuple(_row(raw) for raw in read("roles")["rows"])


@lru_cache(maxsize=512)
def rows_for(provider: str | None, wire: str | None, model: str | None) -> tuple[RoleRow, ...]:
    """Give the rows that hold for a request; none when the provider is not one that the table knows."""
    host = canonical_host(provider)
    if host is None:
        return ()
    names = plain_names(model) if model else ()
    info = resolve(model, provider)
    return tuple(row for row in role_rows() if row.holds_for(host, wire, names, info.lacks if info else frozenset()))


def _row(raw: dict[str, Any]) -> RoleRow:
    fields: dict[str, Any] = dict(raw)
    fields["behaviour"] = Behaviour(raw["behaviour"])
    fields |= {name: frozenset(raw.get(name, ())) for name in ("hosts", "formats")}
    fields |= {name: lazy(raw[name]) for name in ("models", "not_models") if name in raw}
    fields["also"] = tuple(raw.get("also", ()))
    return RoleRow(**fields)


def _pieces_in(template: str, text: str) -> bool:
    """Whether the fixed words of a template stand in a text, in their order."""
    at, folded = 0, " ".join(text.split()).lower()
    for piece in _FIELD.split(template):
        words = " ".join(piece.split()).lower().strip(" .:")
        found = folded.find(words, at) if words else at
        if found < 0:
            return False
        at = found + len(words)
    return True
