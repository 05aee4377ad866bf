"""From a report to its sessions: exchanges of one conversation, unrolled into turns, by lane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.session.turn import Began, Stretch, Turn
from ctxdebug.model import Decoding, Role, Severity
from ctxdebug.questions import Question
from ctxdebug.records import field, record
from ctxdebug.text.whole_numbers import whole_number

if TYPE_CHECKING:
    from ctxdebug.analysis.runs.unrolled import Call
    from ctxdebug.engine.report import Examined, Report
    from ctxdebug.model import Finding, Pointer

_OF_THE_WHOLE = frozenset({Question.PROMPT_READ_IN_FULL, Question.PROMPT_FITS, Question.ANSWER_COMPLETE})
"""Questions about a whole prompt or its answer: a finding is of the context's last turn, whatever it quotes."""
_CLEARED = "<command-name>/clear</command-name>"
"""Claude Code's record of a cleared conversation, in the first message after it."""


@record(eq=False)
class Session:
    """A conversation with its sub-agents: turns in the order of the log, and the contexts that they came from."""

    name: str
    turns: list[Turn]
    stretches: list[Stretch]
    examined: list[Examined]
    left: int = 0
    """Messages on branches that were left."""
    findings: list[tuple[Finding, Turn]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """The files that it stands in."""
        return list(dict.fromkeys(one.snapshot.path for one in self.examined))

    @property
    def lanes(self) -> list[str]:
        """The main conversation (an empty name) and its sub-agents, in order of appearance."""
        return list(dict.fromkeys(turn.lane for turn in self.turns))

    def lane(self, name: str) -> list[Turn]:
        """Return the turns of one lane."""
        return [turn for turn in self.turns if turn.lane == name]


def sessions(report: Report) -> list[Session]:
    """Return the sessions of a report that kept its exchanges, in order of appearance."""
    groups: dict[str, list[Examined]] = {}
    for examined in report.examined:
        groups.setdefault(_base(examined), []).append(examined)
    found = [_session(name, group) for name, group in groups.items()]
    return [session for session in found if session.turns]


def _base(examined: Examined) -> str:
    """Return the session's name without the sub-agent's."""
    snapshot, agent = examined.snapshot, _agent(examined)
    name = snapshot.session or snapshot.path
    return name.removesuffix(f" ({agent})") if agent else name


def _agent(examined: Examined) -> str:
    agent = examined.snapshot.labels.get("agent")
    return agent if isinstance(agent, str) else ""


def logged(examined: Examined) -> bool:
    """Whether a context comes from a log that keeps the conversation and not the requests."""
    return examined.snapshot.request is None


def _session(name: str, group: Sequence[Examined]) -> Session:
    stretches: dict[str, list[Stretch]] = {}
    seen: set[tuple[str, Pointer]] = set()
    several = len({id(one) for one in group}) > 1
    for examined in group:
        lane = stretches.setdefault(_agent(examined), [])
        calls = list(_own(examined, seen, several=several))
        if not calls:
            continue
        began, by_record = _began(examined, lane)
        if began is not None or not lane:
            labels = examined.snapshot.labels
            before = labels.get("tokens_before")
            lane.append(
                Stretch(_agent(examined), began, by_record, labels.get("trigger") or None, before if isinstance(before, int) and before else None)
            )  # fmt: skip
        lane[-1].turns += [Turn(0, examined, call, lane[-1]) for call in calls]
    every = [stretch for lane in stretches.values() for stretch in lane]
    order = {path: number for number, path in enumerate(dict.fromkeys(one.snapshot.path for one in group))}
    turns = sorted((turn for stretch in every for turn in stretch.turns), key=lambda turn: _place(turn, order))
    for number, turn in enumerate(turns, 1):
        turn.number = number
    named: dict[str, str] = {}
    for turn in turns:
        turn.model_name = turn.call.model or named.get(turn.lane)
        if turn.model_name is not None:
            named[turn.lane] = turn.model_name
    left = {id(one): one.snapshot.labels.get("left") for one in group}
    session = Session(name, turns, every, list(group), max((n for n in left.values() if isinstance(n, int)), default=0))
    _place_findings(session)
    return session


def _own(examined: Examined, seen: set[tuple[str, Pointer]], *, several: bool) -> Iterator[Call]:
    """The calls of a context that no earlier context of the session has shown: of a log all, of a request that is one of many its own."""
    calls = examined.analysis.calls
    if len(calls) > 1 and logged(examined) and calls[-1].answer is None and examined.snapshot.error is None:
        calls = calls[:-1]  # the log ends, or was compacted, before the model was called again
    for call in calls:
        if not (call.last or logged(examined) or not several):
            continue
        if call.answer is not None:
            at = (examined.snapshot.path, call.answer.pointer)
            if at in seen:
                continue
            seen.add(at)
        yield call


def _began(examined: Examined, lane: Sequence[Stretch]) -> tuple[Began | None, bool]:
    snapshot = examined.snapshot
    if snapshot.labels.get("began") == "compaction":
        return Began.COMPACTION, True
    if not lane:
        return None, False
    if not logged(examined):
        history = examined.analysis.history
        summarised = history is not None and history.summary is not None and bool(history.dropped)
        return (Began.COMPACTION, False) if summarised else (None, False)
    before = lane[-1].turns[-1] if lane[-1].turns else None
    if before is not None and _goes_on(before.examined, examined):
        return None, False
    opened = next((m.text for m in snapshot.messages if m.role is Role.USER), "")
    return (Began.CLEAR if _CLEARED in opened else Began.NEW), True


def _goes_on(before: Examined, after: Examined) -> bool:
    """Whether the later context of a log contains the first message of the earlier one."""
    first = next((m.pointer for m in before.snapshot.messages), None)
    return first is not None and any(m.pointer == first for m in after.snapshot.messages)


def _place(turn: Turn, order: Mapping[str, int]) -> tuple[int, int]:
    """Where a turn stands: the file, and the line or the place in the order of loading."""
    pointer = (
        turn.call.answer.pointer
        if turn.call.answer is not None and logged(turn.examined)
        else turn.examined.snapshot.pointer
    )
    line = next((step for step in pointer if isinstance(step, int)), 0) if Decoding.LINES in pointer else 0
    return order[turn.examined.snapshot.path], line


def _place_findings(session: Session) -> None:
    """Give every finding to the turn at which all of its evidence had entered; of one that grows from turn to turn, the last."""
    by_context: dict[int, list[Turn]] = {}
    for turn in session.turns:
        by_context.setdefault(id(turn.examined), []).append(turn)
    placed: dict[str, tuple[Finding, Turn]] = {}
    for examined in session.examined:
        turns = by_context.get(id(examined)) or session.turns[-1:]
        for finding in examined.findings:
            known = placed.get(finding.fingerprint)
            if known is None or finding.facts.get("times", 0) > known[0].facts.get("times", 0):
                placed[finding.fingerprint] = finding, _made_by(finding, _turn_of(finding, turns, examined), session)
    for finding, turn in placed.values():
        turn.findings.append(finding)
        session.findings.append((finding, turn))
    session.findings.sort(key=lambda pair: (-pair[0].severity, -pair[0].confidence, pair[1].number))


def _made_by(finding: Finding, turn: Turn, session: Session) -> Turn:
    """Return the turn itself; of a finding about a repeated call, the turn that made it: its result entered at the next one."""
    if not {"tool", "times"} <= finding.facts.keys():
        return turn
    lane = session.lane(turn.lane)
    return lane[max(0, lane.index(turn) - 1)]


def _turn_of(finding: Finding, turns: Sequence[Turn], examined: Examined) -> Turn:
    """Return the first turn that had read every exhibit in this context, or wrote the last of them."""
    if finding.question in _OF_THE_WHOLE:
        return turns[-1]
    latest = max(
        (_message(one.segment) for one in finding.evidence if one.path == examined.snapshot.path), default=None
    )
    if latest is None or latest < 0:
        return turns[-1]
    for turn in turns:
        wrote = turn.call.answer is not None and not turn.call.last and turn.call.answer.index == latest
        if wrote or latest < turn.call.read:
            return turn
    return turns[-1]


def _message(segment: str | None) -> int:
    """Return the number of the message that a segment is in; -1 for an answer's, and where there is none."""
    head = (segment or "").partition(".")[0]
    number = whole_number(head[1:]) if head.startswith("m") else None
    return -1 if number is None else number


def turns_with_findings(examined: Examined) -> list[int]:
    """Return the turns of one context at which something was found, by their numbers in it."""
    session = _session("", [examined])
    return sorted({turn.number for finding, turn in session.findings if finding.severity is not Severity.NOTE})
