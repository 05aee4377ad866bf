"""Where a proof's answers come from: an endpoint with its record, the local model, or a record alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.errors import UsageError
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.commands.proof_call import ProofCall
    from ctxdebug.evals.endpoint import Endpoint
    from ctxdebug.proof.local_model import LocalModel
    from ctxdebug.proof.record import Record
    from ctxdebug.proof.request import Request


@record(frozen=True, slots=True)
class Opened:
    """What was opened for a proof."""

    record: Record
    endpoint: Endpoint | None
    """None where only the record answers."""
    model: str
    """The model that is queried, or was; empty where nobody names it."""
    local: LocalModel | None = None

    def close(self) -> None:
        """Close all of it."""
        self.record.close()
        if self.endpoint is not None:
            self.endpoint.close()
        if self.local is not None:
            self.local.close()


def open_proof(call: ProofCall, request: Request) -> Opened:
    """Open what a command line names; raises `UsageError` where the record is one of another request."""
    if call.replay is not None:
        from ctxdebug.proof.record import read_record

        record = read_record(Path(call.replay))
        if record.about.get("request") != request.digest:
            raise UsageError(f"{call.replay} is the record of another request (another capture, or another --send)")
        return Opened(record, None, str(record.about.get("model") or ""))
    from ctxdebug.proof.local_model import LOCAL, LocalModel

    if call.endpoint != LOCAL:
        return _opened(call, request, call.endpoint or "", None)
    local = LocalModel()
    try:
        return _opened(call, request, local.url, local)
    except BaseException:
        local.close()
        raise


def _opened(call: ProofCall, request: Request, url: str, local: LocalModel | None) -> Opened:
    from ctxdebug.evals.dialects import address, key_for
    from ctxdebug.evals.endpoint import Endpoint, Patience
    from ctxdebug.proof.local_model import LOCAL, MODEL
    from ctxdebug.proof.record import record_at

    place = address(url, request.sender.format if local is None else None)
    key = key_for(place, os.environ, call.key_env) if local is None else None
    named = call.ask_model or (MODEL if local is not None else request.body.get("model") or request.sender.model)
    public = place.url.split("?", maxsplit=1)[0] if local is None else LOCAL
    model = str(named or "")
    about = {"endpoint": public, "format": place.dialect.format, "model": model, "request": request.digest}
    record = record_at(_record_path(call, about), about)
    return Opened(record, Endpoint(place, key, Patience(call.timeout, call.retries), call.rate), model, local)


def _record_path(call: ProofCall, about: dict[str, str]) -> Path:
    """Return where the record is: as given, or a file of the capture and what is asked of whom."""
    if call.record is not None:
        return Path(call.record)
    from ctxdebug.evals.recording import request_digest
    from ctxdebug.files import write_whole
    from ctxdebug.proof import PROOFS

    write_whole(PROOFS / ".gitignore", b"*\n", folders=True)
    kept = "".join(character if character.isalnum() or character in "-_" else "-" for character in Path(call.path).stem)
    return PROOFS / f"{kept[:40].strip('-') or 'proof'}-{request_digest(about)[:10]}.jsonl"
