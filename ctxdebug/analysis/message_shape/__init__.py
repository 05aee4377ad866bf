"""What the provider does with the roles and the order of a request's messages, predicted row by row.

The table is `models/data/roles.json`; `checks` holds the static checks that its rows name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis.message_shape.role_order import CHECKS, Breach
from ctxdebug.analysis.message_shape.role_turns import RoleTurns, read_turns
from ctxdebug.analysis.message_shape.tool_turns import TOOL_CHECKS
from ctxdebug.models.roles import Behaviour, RoleRow, role_rows, rows_for
from ctxdebug.models.serving import Serving, serving
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.model import ProviderError, Snapshot

__all__ = ["Breach", "Prediction", "RoleVerdict", "matters", "recorded", "role_verdict"]


TEMPLATE_HOST = "vllm"
"""A host that renders every open model with the template it was published with."""


UNNAMED = Serving("the server", "its error")
"""A server that nothing names, but whose error is on record."""


@record(frozen=True, slots=True)
class Prediction:
    """One row of the table that a request's messages fall under."""

    row: RoleRow
    breach: Breach
    serving: Serving
    said: str | None
    """The error that is predicted, with the request's particulars; None for a change."""
    param: str | None = None
    recorded: ProviderError | None = None
    """The recorded error, where it is this very one."""

    @property
    def certain(self) -> bool:
        """Whether provider and rule are both beyond doubt."""
        return self.recorded is not None or (self.row.certain and self.serving.certain)


@record(frozen=True, slots=True)
class RoleVerdict:
    """The predictions for one request, or why there are none."""

    serving: Serving | None
    predictions: tuple[Prediction, ...] = ()
    depends: tuple[RoleRow, ...] = ()
    """With an unknown provider: rows of others that reject such messages."""


def check(name: str, reading: RoleTurns) -> Iterator[Breach]:
    """Run the static check of that name."""
    return (CHECKS.get(name) or TOOL_CHECKS[name])(reading)


def role_verdict(snapshot: Snapshot, *, refuted: bool = False) -> RoleVerdict:
    """Judge a request by its provider's rows.

    A predicted rejection that the recorded answer refutes is left out, unless `refuted` asks for it too.
    """
    served = serving(snapshot.provider, snapshot.url, snapshot.format, snapshot.model)
    if not snapshot.has_request:
        return RoleVerdict(served)
    reading = read_turns(snapshot)
    if served is None:
        return RoleVerdict(None, depends=tuple(_depending(snapshot, reading)))
    rows = rows_for(served.host, snapshot.format, snapshot.model)
    keep = refuted or not _answered(snapshot)
    found = [
        _prediction(row, breach, served, snapshot)
        for row in rows
        if row.behaviour is not Behaviour.ACCEPTED and (keep or row.behaviour is Behaviour.CHANGED)
        for breach in check(row.check, reading)
    ]
    return RoleVerdict(served, tuple(found))


def matters(prediction: Prediction, snapshot: Snapshot) -> bool:
    """Whether a silent change loses something in this request."""
    second = prediction.row.report
    return second is None or (second != "never" and any(True for _ in check(second, read_turns(snapshot))))


def recorded(snapshot: Snapshot) -> Prediction | RoleRow | None:
    """Find the row whose error the provider returned: with its place, where the request shows it, else the row alone."""
    if snapshot.error is None:
        return None
    served = serving(snapshot.provider, snapshot.url, snapshot.format, snapshot.model)
    own = rows_for(served.host, snapshot.format, snapshot.model) if served else ()
    rows = [row for row in (*own, *role_rows()) if row.said_in(snapshot.error.message)]
    reading = read_turns(snapshot)
    for row in rows:
        for breach in check(row.check, reading):
            return _prediction(row, breach, served or UNNAMED, snapshot)
    return rows[0] if rows else None


def _answered(snapshot: Snapshot) -> bool:
    """Whether the provider took the request: it answered, and not with an error."""
    return snapshot.has_response and snapshot.error is None and (snapshot.status is None or snapshot.status < 400)


def _prediction(row: RoleRow, breach: Breach, served: Serving, snapshot: Snapshot) -> Prediction:
    particulars = {"model": snapshot.model or "", "before": "", "id": "", "ids": "", "part": 0, **breach.particulars}
    said = row.message.format_map(particulars) if row.message else None
    param = row.param.format_map(particulars) if row.param else None
    error = snapshot.error if snapshot.error and row.said_in(snapshot.error.message) else None
    return Prediction(row, breach, served, said, param, error)


def _depending(snapshot: Snapshot, reading: RoleTurns) -> Iterator[RoleRow]:
    """Rows that hold wherever the model's own chat template is used, which an unknown server may do."""
    if not snapshot.model or _answered(snapshot):
        return
    for row in rows_for(TEMPLATE_HOST, snapshot.format, snapshot.model):
        if row.behaviour is Behaviour.REJECTED and any(True for _ in check(row.check, reading)):
            yield row
