"""A session's turns, what a compaction made of its instructions and facts, and its figures, in every format that a run is written in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctxdebug.analysis.runs.cache_breaks import Cause
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.engine.session.assembly import Session, sessions
from ctxdebug.engine.session.figures import figures
from ctxdebug.engine.session.rates import failed_turns, rates
from ctxdebug.engine.session.survival import Fate, survival
from ctxdebug.engine.session.turn import Began
from tests.runs import FORMATS, Made

RULE = "From now on, never touch migrations/."
LOGS = [form for form in FORMATS if form != "openai"]


def session_of(path: Path) -> Session:
    (found,) = sessions(run([str(path)], RunOptions(), keep=True))
    return found


def written(made: Made, form: str, tmp_path: Path) -> Session:
    return session_of(made.write(form, tmp_path / f"{form}.jsonl"))


def port(summary: str, *, touch: bool = False) -> Made:
    """A run of twelve turns with a compaction before the eighth."""
    made = Made()
    made.user(f"Port the billing service to the new client. {RULE} The customer number is KX-44718.")
    for number in range(6):
        made.call(
            "read",
            {"path": f"src/billing_{number}.py"},
            f"def charge_{number}(amount):\n    return amount * {number + 3}",
        )
    made.say("I have read the service and will port it now.")
    assert made.compact(summary) == 8
    for number in range(3):
        made.call("edit", {"path": f"src/billing_{number}.py", "text": "pass"}, "written")
    made.call("edit", {"path": "migrations/0042.sql" if touch else "src/client.py", "text": "pass"}, "written")
    made.say("The port is done, and the customer number KX-44718 is in the client.")
    return made


LOSES = "The user wants the billing service ported to the new client. All six parts were read; the next step is to write the client."


@pytest.mark.parametrize("form", FORMATS)
def test_every_call_of_the_model_is_a_turn(form: str, tmp_path: Path) -> None:
    session = written(port(LOSES), form, tmp_path)
    assert [turn.number for turn in session.turns] == list(range(1, 13))
    assert [turn.number for turn in session.turns if turn.stretch.began is Began.COMPACTION and turn.first] == [8]


@pytest.mark.parametrize("form", FORMATS)
def test_a_lost_instruction_is_followed_to_where_it_is_broken(form: str, tmp_path: Path) -> None:
    session = written(port(LOSES, touch=True), form, tmp_path)
    (lost,) = survival(session).lost
    assert (lost.text, lost.entered.number, lost.last.number) == (RULE, 1, 7)
    assert lost.at is not None
    assert lost.broken is not None
    assert (lost.at.number, lost.broken.number) == (8, 11)
    assert [(f.code, turn.number) for f, turn in session.findings if f.code == "MEM106"] == [("MEM106", 8)]
    assert "LRC207" not in [finding.code for finding, _ in session.findings]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("said", "fate"),
    [
        (RULE, Fate.WORD_FOR_WORD),
        ("The folder migrations must never be touched.", Fate.KEPT),
        ("The user touched on migrations, and prefers to touch them late.", Fate.WEAKENED),
    ],
)
def test_what_a_summary_makes_of_an_instruction(form: str, said: str, fate: Fate, tmp_path: Path) -> None:
    session = written(port(f"{LOSES} {said} The customer number is KX-44718."), form, tmp_path)
    assert [one.fate for one in survival(session).instructions if one.text == RULE] == [fate]
    assert [f.code for f, _ in session.findings if f.code.startswith("MEM1")] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_lost_fact_has_the_turn_at_which_it_was_needed(form: str, tmp_path: Path) -> None:
    (value,) = [one for one in survival(written(port(LOSES), form, tmp_path)).values if one.text == "KX-44718"]
    assert value.used is not None
    assert (value.what, value.at.number, value.used.number) == ("fact", 8, 12)


@pytest.mark.parametrize("form", LOGS)
def test_a_fact_that_is_told_again_much_later_was_lost_all_the_same(form: str, tmp_path: Path) -> None:
    made = port(LOSES)
    made.user("The customer number is KX-44718, and never touch migrations/.")
    made.say("Understood.")
    session = written(made, form, tmp_path)
    assert {("MEM106", 8), ("MEM110", 8)} <= {(finding.code, turn.number) for finding, turn in session.findings}


@pytest.mark.parametrize("form", LOGS)
def test_recorded_tokens_are_those_of_each_call(form: str, tmp_path: Path) -> None:
    session = written(port(LOSES), form, tmp_path)
    found = figures(session)
    assert found.recorded == len(session.turns)
    sizes = [turn.call.sent for turn in session.turns]
    assert sizes[:7] == sorted(sizes[:7])
    assert sizes[7] < sizes[6]
    assert found.sent == sum(sizes)
    assert found.unique < found.sent
    assert all(turn.cost is not None for turn in session.turns)


@pytest.mark.parametrize("form", LOGS)
def test_a_compaction_is_no_fault_of_the_cache_and_a_changed_prefix_is(form: str, tmp_path: Path) -> None:
    made = Made()
    made.user("Read the sensors, one after the other. " + "Each has a file of its own in the folder log. " * 900)
    for number in range(8):
        made.call("read", {"path": f"log/{number}.csv"}, f"sensor {number}: {number * 7}", cold=number == 5)
    made.compact("The sensors were read. " + "The folder log has a file for each of them. " * 600)
    made.call("read", {"path": "log/9.csv"}, "sensor 9: 63")
    made.say("All sensors were read.")
    session = written(made, form, tmp_path)
    causes = [(one.turn.number, one.cause) for one in figures(session).lost if one.turn.number > 1]
    assert causes[0] == (6, Cause.PREFIX)
    assert all(cause is Cause.COMPACTION for _, cause in causes[1:])
    assert [turn.number for finding, turn in session.findings if finding.code == "CST102"] == [6]


def test_failed_calls_are_those_that_the_log_marks(tmp_path: Path) -> None:
    made = Made()
    made.user("Read it.")
    made.call("read", {"path": "a"}, "no such file", failed=True)
    made.call("read", {"path": "b"}, "text")
    made.say("Read.")
    session = written(made, "claude-code", tmp_path)
    assert failed_turns(session) == {1}
    by_model = next(table for table in rates([session]) if table.by == "model")
    assert [(row.failed.hits, row.failed.turns, row.failed.enough) for row in by_model.rows] == [(1, 3, False)]


def test_a_cleared_conversation_begins_anew_without_a_finding(tmp_path: Path) -> None:
    path = port(LOSES).write("claude-code", tmp_path / "a.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    said = {"role": "user", "content": "<command-name>/clear</command-name>\n Now write the release note."}
    last = lines[-1]
    lines.append({**last, "uuid": "z1", "parentUuid": None, "type": "user", "message": said})
    answered = {**last["message"], "id": "msg_z", "content": [{"type": "text", "text": "Here it is."}]}
    lines.append({**last, "uuid": "z2", "parentUuid": "z1", "message": answered})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    session = session_of(path)
    assert [stretch.began for stretch in session.stretches] == [None, Began.COMPACTION, Began.CLEAR]
    assert (session.turns[-1].number, session.turns[-1].first) == (13, True)
    assert session.turns[-1].findings == []
