"""The static checks on calls and results: pairing, adjacency, counts and ids, as each provider demands them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.message_shape.role_order import Breach, Check, at
from ctxdebug.analysis.message_shape.role_turns import RoleTurns, Turn, part_index
from ctxdebug.model import Role
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.model import Segment

NINE = lazy(r"[a-zA-Z0-9]{9}")
OUTPUTS = {"function_call_output": "function_call", "custom_tool_call_output": "custom_tool_call"}
CALLS = frozenset(OUTPUTS.values())
MERGE = "merge the calls into one assistant message, and put one tool message for every call right after it"
CAN_FOLLOW_A_CALL = frozenset({*OUTPUTS, *CALLS, "reasoning"})


def ids_of(turn: Turn) -> list[str]:
    """Return the ids of a turn's calls; those without one cannot be paired."""
    return [segment.call.id for segment in turn.calls if segment.call and segment.call.id]


def blocks(reading: RoleTurns) -> Iterator[tuple[Turn | None, list[Turn], bool]]:
    """Every turn with calls, the turns with results that stand right after it, and whether anything follows these.

    Results that stand after no call come with None. System messages in between are looked through, and the results'
    own words (a user message that holds results and a question) belong to the block.
    """
    turns = [turn for turn in reading.read if turn.role not in {Role.SYSTEM, Role.DEVELOPER} or turn.results]
    position = 0
    while position < len(turns):
        turn = turns[position]
        position += 1
        caller = turn if turn.calls else None
        if caller is None and not turn.results:
            continue
        answers = [] if caller else [turn]
        while position < len(turns) and turns[position].results and not turns[position].calls:
            answers.append(turns[position])
            position += 1
        yield caller, answers, position < len(turns)


def results_of(answers: list[Turn]) -> list[tuple[Turn, Segment]]:
    """Every result of a block, with the turn it stands in."""
    return [(turn, segment) for turn in answers for segment in turn.results]


def tool_call_without_result(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a call is not answered right after it. A call in the last message may still be open."""
    for caller, answers, followed in blocks(reading):
        if caller is None or not (followed or answers):
            continue
        answered = {segment.call_id for _, segment in results_of(answers)}
        missing = [call_id for call_id in ids_of(caller) if call_id not in answered]
        if missing:
            segment = next(s for s in caller.calls if s.call and s.call.id == missing[0])
            words, advice = f"{_count(missing, 'call')} without a result right after", None
            if _split(reading, caller, frozenset(missing)):
                words, advice = "parallel calls are split over several assistant messages", MERGE
            breach = at(caller, words, segment, ids=", ".join(missing), id=missing[0])
            yield replace(breach, advice=advice)


def _split(reading: RoleTurns, caller: Turn, missing: frozenset[str]) -> bool:
    """Whether the next turn makes calls too, and the missing results stand after it: calls of one turn, written as two."""
    turns = reading.read
    at = next(at for at, turn in enumerate(turns) if turn.message is caller.message)
    results = {segment.call_id for turn in turns[at + 1 :] for segment in turn.results}
    return at + 1 < len(turns) and bool(turns[at + 1].calls) and missing <= results


def tool_result_without_calls(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a tool message follows no message with calls."""
    for caller, answers, _ in blocks(reading):
        if caller is None and not reading.remembers:
            turn, segment = results_of(answers)[0]
            yield at(turn, "a tool result after a message that makes no call", segment, id=segment.call_id or "")


def tool_result_of_other_call(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a tool message answers another call than those of the message before it."""
    for caller, answers, _ in blocks(reading):
        known = ids_of(caller) if caller else []
        for turn, segment in results_of(answers) if known else ():
            if segment.call_id and segment.call_id not in known:
                yield at(turn, "a result of another call than the message before makes", segment, id=segment.call_id)


def tool_result_without_call(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a result answers no call of the message before it."""
    for caller, answers, _ in blocks(reading):
        known = set(ids_of(caller)) if caller else set()
        for turn, segment in results_of(answers):
            if segment.call_id and segment.call_id not in known:
                yield at(turn, "a result whose call is not before it", segment,
                         id=segment.call_id, part=part_index(segment))  # fmt: skip


def call_not_after_user(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a turn with calls comes neither after the user nor after a result: first of all, or after the model itself."""
    before: Turn | None = None
    for turn in reading.read:
        if turn.calls and (before is None or (before.role is Role.ASSISTANT and before.calls)):
            where = "first" if before is None else "after another call that has no response"
            yield at(turn, f"a function call that stands {where}")
            return
        before = turn


def response_not_after_call(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a turn with function responses does not follow the turn with the calls."""
    for caller, answers, _ in blocks(reading):
        if caller is None:
            turn, segment = results_of(answers)[0]
            yield at(turn, "a function response that follows no function call", segment)
            return


def calls_and_responses_differ(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a turn's calls and the responses after it are not equal in number."""
    for caller, answers, _ in blocks(reading):
        if caller is not None and answers and len(results_of(answers)) != len(caller.calls):
            calls, responses = len(caller.calls), len(results_of(answers))
            yield at(caller, f"{calls} calls and {responses} responses")
            return


def fewer_results_than_calls(reading: RoleTurns) -> Iterator[Breach]:
    """Fewer results than calls stand after the calls."""
    for caller, answers, followed in blocks(reading):
        if caller is not None and (followed or answers) and len(results_of(answers)) < len(caller.calls):
            yield at(caller, f"{len(caller.calls)} calls and {len(results_of(answers))} results")
            return


def more_results_than_calls(reading: RoleTurns) -> Iterator[Breach]:
    """More results than calls stand after the calls."""
    for caller, answers, _ in blocks(reading):
        if caller is not None and len(results_of(answers)) > len(caller.calls):
            yield at(caller, f"{len(caller.calls)} calls and {len(results_of(answers))} results")
            return


def result_given_twice(reading: RoleTurns) -> Iterator[Breach]:
    """Two results of one block bear one id."""
    for _, answers, _ in blocks(reading):
        seen: set[str] = set()
        for turn, segment in results_of(answers):
            if segment.call_id and segment.call_id in seen:
                yield at(turn, "a second result of one call", segment, id=segment.call_id)
                return
            seen.add(segment.call_id or "")


def call_id_not_nine_letters(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a call's id is not nine letters and digits."""
    for turn in reading.listed:
        for segment in turn.calls:
            call_id = segment.call.id if segment.call else None
            if call_id and call_id != "null" and not NINE.fullmatch(call_id):
                yield at(turn, "a call id of another form", segment, id=call_id)
                return


def parallel_tool_calls(reading: RoleTurns) -> Iterator[Breach]:
    """One message makes several calls."""
    for turn in reading.listed:
        if len(turn.calls) > 1:
            yield at(turn, f"{len(turn.calls)} calls in one message")
            return


def unpaired_or_empty(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a pair is broken, or a message is empty."""
    yield from tool_call_without_result(reading)
    yield from tool_result_without_calls(reading)
    for turn in reading.listed:
        if not turn.calls and not turn.results and not turn.message.text.strip() and not turn.message.segments:
            yield at(turn, "an empty message")
            return


# --- items of the Responses API -------------------------------------------------------------


def _typed(reading: RoleTurns) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for index, item in enumerate(reading.items):
        if isinstance(item, dict):
            yield index, str(item.get("type") or "message"), item


def _item(reading: RoleTurns, index: int, words: str, call_id: str) -> Breach:
    turn = next((t for t in reading.turns if t.message.pointer == (*reading.at, index)), None)
    shown = (*(turn.calls if turn else ()), *(turn.results if turn else ()))
    segments = [
        s for t in reading.turns for s in (*t.calls, *t.results) if call_id in {s.call_id, s.call and s.call.id}
    ]
    segment = next(iter(segments or shown), None)
    return Breach(turn, words, segment, index, {"index": index, "next": index + 1, "id": call_id, "ids": call_id})


def tool_call_without_output(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a function call has no output anywhere after it, though other items follow."""
    outputs = {str(item.get("call_id")) for _, kind, item in _typed(reading) if kind in OUTPUTS}
    for index, kind, item in _typed(reading):
        if kind in CALLS and str(item.get("call_id")) not in outputs and index < len(reading.items) - 1:
            yield _item(reading, index, "a function call without an output", str(item.get("call_id")))
            return


def tool_output_without_call(reading: RoleTurns) -> Iterator[Breach]:
    """Yield an output has no call before it, and the server holds no earlier turns."""
    calls: set[str] = set()
    for index, kind, item in _typed(reading):
        if kind.endswith("_call"):
            calls.add(str(item.get("call_id")))
        elif kind == "item_reference":
            return
        elif kind in OUTPUTS and str(item.get("call_id")) not in calls and not reading.remembers:
            yield _item(reading, index, "an output without a function call", str(item.get("call_id")))
            return


def tool_output_not_adjacent(reading: RoleTurns) -> Iterator[Breach]:
    """Another item stands between a call and its output, or there is no output."""
    waiting: dict[Any, int] = {}
    for index, kind, item in _typed(reading):
        if kind in OUTPUTS:
            waiting.pop(item.get("call_id"), None)
        elif waiting and kind not in CAN_FOLLOW_A_CALL:
            call_id, first = next(iter(waiting.items()))
            yield _item(reading, first, "a function call whose output does not follow at once", str(call_id))
            return
        if kind in CALLS:
            waiting[item.get("call_id")] = index


def reasoning_without_item(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a stored reasoning item is not followed by the item that the model wrote with it."""
    listed = list(_typed(reading))
    for place, (index, kind, item) in enumerate(listed):
        if kind != "reasoning" or not item.get("id"):
            continue
        following = listed[place + 1][2] if place + 1 < len(listed) else {}
        if not (following.get("id") or following.get("call_id")):
            yield _item(reading, index, "a reasoning item without the item that followed it", str(item["id"]))
            return


TOOL_CHECKS: dict[str, Check] = {
    "tool-call-without-result": tool_call_without_result,
    "tool-result-without-calls": tool_result_without_calls,
    "tool-result-of-other-call": tool_result_of_other_call,
    "tool-result-without-call": tool_result_without_call,
    "call-not-after-user": call_not_after_user,
    "response-not-after-call": response_not_after_call,
    "calls-and-responses-differ": calls_and_responses_differ,
    "fewer-results-than-calls": fewer_results_than_calls,
    "more-results-than-calls": more_results_than_calls,
    "result-given-twice": result_given_twice,
    "result-of-other-call": tool_result_of_other_call,
    "call-id-not-nine-letters": call_id_not_nine_letters,
    "parallel-tool-calls": parallel_tool_calls,
    "unpaired-or-empty": unpaired_or_empty,
    "tool-call-without-output": tool_call_without_output,
    "tool-output-without-call": tool_output_without_call,
    "tool-output-not-adjacent": tool_output_not_adjacent,
    "reasoning-without-item": reasoning_without_item,
}


def _count(things: list[str], noun: str) -> str:
    return f"a {noun}" if len(things) == 1 else f"{len(things)} {noun}s"
