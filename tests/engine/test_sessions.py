from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ctxdebug.engine.sessions import Sessions
from tests.conversations import of_file

LONG = "The boiler in block C was serviced in March, and the next visit is planned for the second week of October."


def call(messages: list[dict[str, Any]], answer: str | None, **more: Any) -> dict[str, Any]:
    request = {"model": "m", "messages": messages}
    response = None if answer is None else {"choices": [{"message": {"role": "assistant", "content": answer}}]}
    return {"request": request, "response": response, **more}


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def said(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def sessions_of(tmp_path: Path, exchanges: list[dict[str, Any]], kept: int = 100) -> list[str | None]:
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(json.dumps(exchange) + "\n" for exchange in exchanges))
    sessions = Sessions(kept)
    loaded = of_file(path)
    assert len(loaded) == len(exchanges)
    return [sessions.joined(snapshot).session for snapshot in loaded]


def test_a_request_that_goes_on_from_another_joins_it(tmp_path: Path) -> None:
    first = call([user("hi")], "hello")
    second = call([user("hi"), said("hello"), user("and now?")], "done")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]


def test_two_conversations_that_open_alike_stay_apart(tmp_path: Path) -> None:
    exchanges = [
        call([user("hi")], "hello"),
        call([user("hi")], "good day"),
        call([user("hi"), said("good day"), user("x")], "y"),
        call([user("hi"), said("hello"), user("x")], "z"),
    ]
    assert sessions_of(tmp_path, exchanges) == ["c1", "c2", "c2", "c1"]


def test_the_same_request_twice_is_no_conversation(tmp_path: Path) -> None:
    assert sessions_of(tmp_path, [call([user("hi")], "a"), call([user("hi")], "b")]) == ["c1", "c2"]


def test_a_history_cut_at_its_beginning_still_joins_by_the_answer(tmp_path: Path) -> None:
    first = call([user("one"), said("two"), user("three")], LONG)
    assert sessions_of(tmp_path, [first, call([said(LONG), user("four")], "five")]) == ["c1", "c1"]


def test_a_short_answer_alone_does_not_join(tmp_path: Path) -> None:
    assert sessions_of(tmp_path, [call([user("a")], "yes"), call([user("b"), said("yes"), user("c")], "d")]) == [
        "c1",
        "c2",
    ]


def test_a_changed_system_prompt_does_not_part_a_conversation(tmp_path: Path) -> None:
    system = [{"role": "system", "content": "Be brief."}]
    other = [{"role": "system", "content": "Be long."}]
    exchanges = [call([*system, user("hi")], "hello"), call([*other, user("hi"), said("hello"), user("x")], "y")]
    assert sessions_of(tmp_path, exchanges) == ["c1", "c1"]


def test_the_id_of_a_call_joins(tmp_path: Path) -> None:
    made = {"id": "call_abc123xyz", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    first = call([user("hi")], None)
    first["response"] = {"choices": [{"message": {"role": "assistant", "content": None, "tool_calls": [made]}}]}
    history = [user("a summary of what was said"), {"role": "assistant", "content": None, "tool_calls": [made]}]
    second = call([*history, {"role": "tool", "tool_call_id": made["id"], "content": "ok"}], "done")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]


def test_previous_response_id_joins(tmp_path: Path) -> None:
    response = {"object": "response", "id": "resp_1", "status": "completed", "output": []}
    first = {"request": {"model": "m", "input": "hi"}, "response": response}
    second = {"request": {"model": "m", "input": "and?", "previous_response_id": "resp_1"}, "response": None}
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]


def test_a_name_in_the_capture_is_kept(tmp_path: Path) -> None:
    exchanges = [call([user("a")], "b", session_id="kitchen"), call([user("c")], "d", session_id="kitchen")]
    assert sessions_of(tmp_path, exchanges) == ["kitchen", "kitchen"]


def test_what_is_remembered_is_bounded(tmp_path: Path) -> None:
    exchanges = [call([user("hi")], "hello"), *(call([user(f"{n}")], f"{n}") for n in range(50))]
    exchanges.append(call([user("hi"), said("hello"), user("x")], "y"))
    assert sessions_of(tmp_path, exchanges, kept=10)[-1] != "c1"


def sessions_over_files(folder: Path, exchanges: list[dict[str, Any]]) -> list[str | None]:
    """The session of each exchange, where each stands in a file of its own."""
    sessions = Sessions()
    found: list[str | None] = []
    for number, exchange in enumerate(exchanges):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(exchange))
        (snapshot,) = of_file(path)
        found.append(sessions.joined(snapshot).session)
    return found


def test_a_greeting_in_another_file_is_another_conversation(tmp_path: Path) -> None:
    exchanges = [call([user("hi")], "hello"), call([user("hi"), said("hello"), user("x")], "y")]
    assert sessions_over_files(tmp_path, exchanges) == ["c1", "c2"]


def test_a_conversation_goes_on_in_another_file(tmp_path: Path) -> None:
    exchanges = [call([user("when?")], LONG), call([user("when?"), said(LONG), user("x")], "y")]
    assert sessions_over_files(tmp_path, exchanges) == ["c1", "c1"]


def test_an_answer_that_the_application_changed_still_goes_on_if_nothing_else_could(tmp_path: Path) -> None:
    question = user("Which of the boilers in block C was serviced in March, and when is its next visit planned?")
    exchanges = [call([question], "```Thought: boiler 2```"), call([question, said("boiler 2"), user("x")], "y")]
    assert sessions_of(tmp_path, exchanges) == ["c1", "c1"]


def test_it_does_not_if_two_could(tmp_path: Path) -> None:
    question = user("Which of the boilers in block C was serviced in March, and when is its next visit planned?")
    exchanges = [call([question], "a"), call([question], "b"), call([question, said("boiler 2"), user("x")], "y")]
    assert sessions_of(tmp_path, exchanges) == ["c1", "c2", "c3"]


def rules(text: str) -> dict[str, Any]:
    return {"role": "system", "content": text}


PARTY = [
    user("I am allergic to nuts."),
    said("Noted."),
    user("How many chairs?"),
    said("Twelve."),
    user("Which colour?"),
]


def test_a_dropped_head_and_short_answers_still_join(tmp_path: Path) -> None:
    first = call([rules("Plan parties."), *PARTY], "Green.")
    second = call([rules("Plan parties."), *PARTY[3:], said("Green."), user("And the dessert?")], "Cake.")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]


def test_a_summary_in_place_of_the_head_still_joins(tmp_path: Path) -> None:
    first = call([rules("Plan parties."), *PARTY], "Green.")
    head = user("Summary: a party without nuts.")
    second = call([rules("Plan parties."), head, *PARTY[3:], said("Green."), user("And the dessert?")], "Cake.")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]


def test_the_same_end_under_other_rules_stays_apart(tmp_path: Path) -> None:
    first = call([rules("Plan parties."), *PARTY], "Green.")
    second = call([rules("Plan funerals."), *PARTY[3:], said("Green."), user("And the dessert?")], "Cake.")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c2"]


def test_a_different_beginning_before_the_same_end_stays_apart(tmp_path: Path) -> None:
    first = call([rules("Paint."), user("A red wall."), said("Sure."), user("Which colour?")], "Green.")
    other = [user("A blue door."), said("Fine."), user("Which colour?"), said("Green."), user("And the frame?")]
    assert sessions_of(tmp_path, [first, call([rules("Paint."), *other], "White.")]) == ["c1", "c2"]


def test_messages_of_the_user_alone_join_what_they_repeat(tmp_path: Path) -> None:
    first = call([rules("Book."), user("Which days are free?")], "Tuesday and Thursday.")
    second = call([rules("Book."), user("Which days are free?"), user("The earlier one.")], "Booked.")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]


def test_a_message_that_points_back_joins_what_stands_before_it(tmp_path: Path) -> None:
    first = call(
        [rules("Read the feedback."), user("What are the three most urgent problems?")], "Logouts, umlauts, push."
    )
    second = call([rules("Read the feedback."), user("Tell me more about the second one.")], "Which one?")
    other = call([rules("Read the feedback."), user("Which problems does the app have?")], "None.")
    assert sessions_of(tmp_path, [first, second]) == ["c1", "c1"]
    assert sessions_of(tmp_path, [first, other]) == ["c1", "c2"]


def test_a_phrase_that_two_conversations_have_heard_joins_the_one_that_was_asked_the_same(tmp_path: Path) -> None:
    system = [{"role": "system", "content": "You are the desk."}]
    first = call([*system, user("My boiler in block C is cold since Monday.")], LONG)
    second = call([*system, user("The lift in block D does not move.")], LONG)
    again = call(
        [*system, said("Good day."), user("My boiler in block C is cold since Monday."), said(LONG), user("And then?")],
        "x",
    )
    assert sessions_of(tmp_path, [first, second, again]) == ["c1", "c2", "c1"]


def test_messages_of_the_user_alone_join_what_they_repeat_and_add_to(tmp_path: Path) -> None:
    exchanges = [
        call([user("The boiler in block C is cold.")], "Since when?"),
        call([user("The lift in block D does not move.")], "On which floor?"),
        call([user("The boiler in block C is cold."), said("Since when?"), user("Since Monday.")], "Noted."),
        call([user("The boiler in block C is cold."), user("Since Monday."), user("And in block B.")], "Noted, too."),
    ]
    assert sessions_of(tmp_path, exchanges) == ["c1", "c2", "c1", "c1"]
