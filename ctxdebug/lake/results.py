"""What was found in a group of rows, as rows of the three tables: places in the lake, secrets masked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ctxdebug.lake.causes import cause_of
from ctxdebug.lake.columns import known, moment
from ctxdebug.model import Exhibit, Finding, Problem, Role, Snapshot, pointer_text
from ctxdebug.records import record, replace
from ctxdebug.redaction.learned import LearnedSecrets
from ctxdebug.redaction.masking import masked
from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import clean
from ctxdebug.text.whole_numbers import whole_number

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined
    from ctxdebug.gate.agreements import Agreements

_SHOWN = 400
"""Characters of a quotation that a table keeps; the rest is in the capture."""
_NUMBERS = lazy(r"\d+")


@record(frozen=True, slots=True)
class Group:
    """Rows that are examined together, in the order of the conversation."""

    name: str
    rows: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, name: str, rows: Sequence[Mapping[str, Any]]) -> Group:
        """Return a group of rows: by time where every row has one and they are no stretch of a file, else as they lie in their sources."""
        placed = sorted(rows, key=lambda row: (row["source"], row["row"] or 0))
        if not name.startswith("file ") and all(row["time"] is not None for row in rows):
            placed.sort(key=lambda row: row["time"])
        return cls(name, placed)

    def unreadable(self) -> Iterator[Problem]:
        """Yield a problem for each row without a document."""
        for at, row in enumerate(self.rows):
            if row["document"] is None:
                pointer = f"/{at}" if len(self.rows) > 1 else ""
                yield Problem(row["source"], row["problem"] or "contains nothing", pointer, fatal=row["fatal"])

    def parts(self) -> Iterator[Group]:
        """Yield the rows that are one capture together: the lines, and every document that is a whole capture."""
        lines = [row for row in self.rows if row["document"] is not None and not row["whole"]]
        if lines:
            yield Group(self.name, lines)
        for row in self.rows:
            if row["document"] is not None and row["whole"]:
                yield Group(self.name, [row])

    @property
    def path(self) -> str:
        """The name of the group's capture: its source, or the group where it is spread over several."""
        first = self.rows[0]
        if first["whole"]:
            return str(first["source"]) if first["row"] is None else f"{first['source']}#{first['row']}"
        alone = len({row["source"] for row in self.rows}) == 1
        return str(first["source"]) if alone else self.name

    @property
    def session(self) -> str | None:
        """The session that a column names."""
        told: str | None = self.rows[0]["session"]
        return told

    @property
    def expected(self) -> bool:
        """Whether every row must be readable as a call."""
        return all(row["expected"] for row in self.rows)

    def document(self) -> bytes:
        """Return the bytes of the group's capture."""
        if len(self.rows) == 1:
            return bytes(self.rows[0]["document"])
        return b"".join(bytes(row["document"]) + b"\n" for row in self.rows)

    def place(self, pointer: str) -> tuple[Mapping[str, Any], str]:
        """Return the row that a pointer leads into, and the pointer inside it."""
        if len(self.rows) == 1:
            return self.rows[0], pointer
        step, slash, rest = pointer[1:].partition("/")
        at = whole_number(step)
        return self.rows[min(at or 0, len(self.rows) - 1)], pointer if at is None else slash + rest


class Results:
    """Collects the results of a batch, as rows of `schemas.RESULTS`."""

    def __init__(self, agreements: Agreements) -> None:
        self.rows: list[dict[str, Any]] = []
        self._agreements = agreements

    def problem(self, group: Group, problem: Problem) -> None:
        """Add a problem."""
        row, pointer = group.place(problem.pointer)
        told = {
            "source": row["source"],
            "row": row["row"],
            "pointer": pointer,
            "message": masked(storable(problem.message)),
        }
        self.rows.append({"problem": {**told, "fatal": problem.fatal, "ours": problem.ours, "kind": problem.kind}})

    def examined(self, group: Group, examined: Examined, named: str | None) -> None:
        """Add an exchange, its findings and its problems; `named` is its session, where the lake or the capture names it."""
        capture = _capture(group, examined, named)
        findings = self._agreements.settle(replace(one, path=capture["source"]) for one in examined.findings)
        usage, window = examined.snapshot.usage, examined.analysis.window
        self.rows.append(
            {
                "exchange": {
                    **capture,
                    "provider": examined.snapshot.provider,
                    "request": request_digest(examined.snapshot),
                    "format": examined.snapshot.format,
                    "container": examined.snapshot.container,
                    "output_tokens": usage.output if usage is not None else None,
                    "window": window.tokens if window is not None else None,
                    "findings": len(findings),
                    "repeated": examined.repeated,
                    "hidden": examined.suppressed,
                    "not_checked": sorted({code for code, _ in examined.not_checked}),
                }
            }
        )
        hidden = _Masking(examined)
        for number, finding in enumerate(findings):
            self.rows.append({"finding": {**capture, "number": number, **_finding(group, finding, hidden)}})
        for problem in examined.problems:
            self.problem(group, problem)


def _capture(group: Group, examined: Examined, named: str | None) -> dict[str, Any]:
    """Return what the rows of an exchange and of its findings have in common."""
    snapshot = examined.snapshot
    row, pointer = group.place(pointer_text(snapshot.pointer))
    number = "" if row["row"] is None else str(row["row"])
    session = named if named is not None else f"{group.name.removeprefix('file ')} {snapshot.session}"
    return {
        "capture": f"{row['source']}#{number}{pointer}" if number or pointer else row["source"],
        "source": row["source"],
        "row": row["row"],
        "pointer": storable(pointer),
        "session": masked(storable(session)),
        "time": row["time"] or _time(snapshot),
        "model": storable(snapshot.answered_by or snapshot.model or "") or None,
        "prompt_version": prompt_version(snapshot),
        "tokens": _tokens(examined),
    }


def _finding(group: Group, finding: Finding, hidden: _Masking) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "family": finding.family,
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "message": hidden(finding.message),
        "fix": hidden(" ".join(finding.fix.split())),
        "cause": hidden(cause_of(finding)),
        "fingerprint": finding.fingerprint,
        "evidence": [_exhibit(group, exhibit, hidden) for exhibit in finding.evidence],
    }


def _exhibit(group: Group, exhibit: Exhibit, hidden: _Masking) -> dict[str, Any]:
    row, pointer = group.place(exhibit.pointer)
    place = exhibit.place if row["lines"] else None
    line = None if place is None else place.line if row["whole"] else row["row"]
    return {
        "source": row["source"],
        "row": row["row"],
        "pointer": storable(pointer),
        "line": line,
        "column": place.column if place is not None else None,
        "segment": exhibit.segment,
        "start": exhibit.start,
        "end": exhibit.end,
        "text": hidden(exhibit.text)[:_SHOWN],
        "note": hidden(exhibit.note),
    }


class _Masking:
    """Masks the secrets of what the findings of one exchange quote, and makes it storable."""

    def __init__(self, examined: Examined) -> None:
        self._learned = LearnedSecrets()
        if not examined.findings:
            return
        cited = {exhibit.segment for finding in examined.findings for exhibit in finding.evidence}
        snapshot = examined.snapshot
        self._learned.learn(
            [one.text for one in (*snapshot.segments(), *snapshot.answer_segments()) if one.id in cited]
        )
        for finding in examined.findings:
            self._learned.learn([finding.message, [exhibit.text for exhibit in finding.evidence], dict(finding.facts)])

    def __call__(self, text: str) -> str:
        return storable(self._learned.hide(masked(text))[0])


def storable(text: str) -> str:
    """Return text that every reader of a table can show: no lone surrogates, nothing that a terminal would obey."""
    return clean(text)


def prompt_version(snapshot: Snapshot) -> str | None:
    """Return eight digits that stand for the system texts of a request, their numbers aside: a date is no new version."""
    texts = [message.text for message in snapshot.messages if message.role in {Role.SYSTEM, Role.DEVELOPER}]
    if not any(texts):
        return None
    basis = _NUMBERS.sub("0", " ".join("\x1d".join(texts).split()))
    return hashlib.blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def request_digest(snapshot: Snapshot) -> str:
    """Return sixteen digits that requests share which are equal in model, settings, tools and every text."""
    digest = hashlib.blake2b(repr((snapshot.model, snapshot.settings)).encode("utf-8", "surrogatepass"), digest_size=8)
    for tool in snapshot.tools:
        digest.update(f"\x1e{tool.name}\x1d{tool.text}".encode("utf-8", "surrogatepass"))
    for message in snapshot.messages:
        digest.update(f"\x1e{message.role.name}\x1d{message.text}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _tokens(examined: Examined) -> int | None:
    """Return the tokens of the prompt: as the provider counted them, else our estimate; None where neither is known."""
    usage = examined.snapshot.usage
    if usage is not None and usage.prompt is not None:
        return usage.prompt
    prompt = examined.analysis.prompt
    return prompt.total.value if prompt.estimable else None


def _time(snapshot: Snapshot) -> datetime | None:
    """Return when an exchange took place, as its record or else its response says."""
    labels = snapshot.labels
    told = next((found for name in known()["time"] if (found := moment(labels.get(name))) is not None), None)
    if told is not None:
        return told
    response = snapshot.response
    return moment(response.get("created") or response.get("created_at")) if isinstance(response, Mapping) else None
