"""What proofs say of the findings of a request, kept by the hash of the request, so that `inspect` shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import LoadError, UsageError
from ctxdebug.files import read_regular, write_whole
from ctxdebug.model import FindingProof, ProofVerdict
from ctxdebug.proof import PROOFS
from ctxdebug.proof.blaming.verdicts import ASKING_ENDED, Blame
from ctxdebug.proof.fixing.verification import Standing
from ctxdebug.records import record, replace
from ctxdebug.reports.json_document import proof_value
from ctxdebug.reports.json_text import safe_json

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Finding
    from ctxdebug.proof.blaming.blamed import Blamed
    from ctxdebug.proof.blaming.verdicts import Judged
    from ctxdebug.proof.fixing.verification import Verified

_FOLDER = PROOFS / "findings"
_VERSION = 1
_VERDICTS = {
    Blame.CAUSE: ProofVerdict.CONFIRMED,
    Blame.CONTRIBUTES: ProofVerdict.CONFIRMED,
    Blame.INNOCENT: ProofVerdict.REFUTED,
}


@record(frozen=True, slots=True)
class FindingProofs:
    """The proofs of one request's findings, by fingerprint."""

    request: str
    """The hash of the request as it was captured."""
    proofs: Mapping[str, FindingProof]

    def attached(self, examined: Examined) -> Examined:
        """Return an examined exchange whose findings have their proof."""
        findings = tuple(replace(one, proof=self.proofs.get(one.fingerprint, one.proof)) for one in examined.findings)
        return replace(examined, findings=findings)


def of_blame(found: Blamed, failure: str) -> dict[str, FindingProof]:
    """Return what a blame says of the findings that named suspects: confirmed by any of them, refuted only by all.

    One whose suspects the asking did not come to has no proof from it.
    """
    by_finding: dict[str, list[Judged]] = {}
    for one in found.suspects if found.reproduced else ():
        for fingerprint in one.findings:
            by_finding.setdefault(fingerprint, []).append(one)
    proofs = {fingerprint: _strongest(judged, found, failure) for fingerprint, judged in by_finding.items()}
    return {
        fingerprint: proof
        for fingerprint, proof in proofs.items()
        if proof.verdict is ProofVerdict.CONFIRMED
        or not any(one.reason == ASKING_ENDED for one in by_finding[fingerprint])
    }


def _strongest(judged: Iterable[Judged], found: Blamed, failure: str) -> FindingProof:
    order = {ProofVerdict.CONFIRMED: 0, ProofVerdict.UNDECIDED: 1, ProofVerdict.REFUTED: 2}
    one = min(judged, key=lambda item: order[_VERDICTS.get(item.blame, ProofVerdict.UNDECIDED)])
    effect = one.effect
    return FindingProof(
        _VERDICTS.get(one.blame, ProofVerdict.UNDECIDED), "blame", failure, found.whole.fails, found.whole.runs,
        one.counts.fails, one.counts.runs, (round(effect.low, 4), round(effect.high, 4)) if effect is not None else None,
        round(one.p, 6) if effect is not None else None, one.reason,
    )  # fmt: skip


def of_fix(found: Verified, failure: str) -> dict[str, FindingProof]:
    """Return the findings that a verified repair confirms: those of one repair, with which alone the request passes."""
    winner = found.winner
    if winner is None or winner.standing is not Standing.PASSES or len(winner.proposal.repairs) != 1:
        return {}
    effect = winner.effect
    proof = FindingProof(
        ProofVerdict.CONFIRMED, "fix", failure, found.before.fails, found.before.runs, winner.counts.fails, winner.counts.runs,
        (round(effect.low, 4), round(effect.high, 4)) if effect is not None else None, round(winner.p, 6),
    )  # fmt: skip
    return {finding.fingerprint: proof for finding in winner.proposal.findings}


def place(request: str) -> Path:
    """Return where the proofs of a request's findings are kept: by its hash, under the current folder."""
    return _FOLDER / f"{request.removeprefix('sha256:')[:24]}.json"


def keep(request: str, proofs: Mapping[str, FindingProof], findings: Iterable[Finding]) -> Path | None:
    """Add proofs of some of `findings` to what is kept of a request, and return the file; None where there is nothing to keep."""
    codes = {finding.fingerprint: finding.code for finding in findings}
    new = {key: {"code": codes[key], **proof_value(proof)} for key, proof in proofs.items() if key in codes}
    if not new:
        return None
    path = place(request)
    known = _document(path)["findings"] if path.is_file() else {}
    document = {"findings_proof": _VERSION, "request": request, "findings": dict(sorted({**known, **new}.items()))}
    write_whole(PROOFS / ".gitignore", b"*\n", folders=True)
    write_whole(path, safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n", folders=True)
    return path


def load(path: Path) -> FindingProofs:
    """Read a file of `keep`; raises `LoadError`."""
    document = _document(path)
    return FindingProofs(document["request"], {key: _read(value) for key, value in document["findings"].items()})


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_regular(path))
        if document["findings_proof"] != _VERSION:
            raise LoadError(f"{path}: a version that this release does not read")
        for value in document["findings"].values():
            _read(value)
        return {"request": str(document["request"]), "findings": dict(document["findings"])}
    except UsageError as error:
        raise LoadError(str(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise LoadError(f"{path} holds no proofs of findings: {error}") from None


def _read(value: Mapping[str, Any]) -> FindingProof:
    whole, then, interval = value["with"], value["without"], value["interval"]
    return FindingProof(
        ProofVerdict(value["verdict"]), str(value["by"]), str(value["failure"]), int(whole["fails"]), int(whole["runs"]), int(then["fails"]),
        int(then["runs"]), (float(interval[0]), float(interval[1])) if interval else None, None if value["p"] is None else float(value["p"]),
        str(value["reason"] or ""),
    )  # fmt: skip


def proofs_for(examined: Examined, given: str | None) -> FindingProofs | None:
    """Return the proofs of an exchange: those of the file that was given, else those that are kept of its request, if any.

    Raises `UsageError` where the file is of another request.
    """
    if given is None and not _FOLDER.is_dir():
        return None
    from ctxdebug.proof.request import request_of

    try:
        digest = request_of(examined.snapshot).digest
    except UsageError:
        if given is not None:
            raise
        return None
    path = Path(given) if given is not None else place(digest)
    if given is None and not path.is_file():
        return None
    found = load(path)
    if found.request != digest:
        raise UsageError(f"{path} is the proof of another request than this exchange's")
    return found
