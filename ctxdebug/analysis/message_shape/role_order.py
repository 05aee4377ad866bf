"""The static checks that the rows of the role table name: each finds the places where a message list has one shape."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ctxdebug.analysis.message_shape.role_turns import RoleTurns, Turn
from ctxdebug.model import Role
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from ctxdebug.model import Segment

SPEAKERS = frozenset({Role.USER, Role.ASSISTANT})


@record(frozen=True, slots=True)
class Breach:
    """A place where the shape stands: its message, the segment to quote, and what the provider's message names."""

    turn: Turn | None
    words: str
    """What stands there, in plain words."""
    segment: Segment | None = None
    item: int | None = None
    """The item of a Responses input, where no segment shows it."""
    particulars: Mapping[str, Any] = field(default_factory=dict)
    advice: str | None = None
    """What to do about this very shape, where it is another thing than the row advises."""


Check: TypeAlias = Callable[[RoleTurns], Iterator[Breach]]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Sign a check in under the name that rows use."""

    def sign_in(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return sign_in


def at(turn: Turn, words: str, segment: Segment | None = None, **particulars: Any) -> Breach:
    """Return a breach at a turn, with its place in the captured list."""
    first = segment or next(iter(turn.message.segments), None)
    index = turn.index or 0
    return Breach(turn, words, first, particulars={"index": index, "next": index + 1, **particulars})


# --- roles ----------------------------------------------------------------------------------


def _first_of(reading: RoleTurns, role: Role, words: str) -> Iterator[Breach]:
    turn = next((turn for turn in reading.turns if turn.role is role), None)
    if turn is not None:
        yield at(turn, words)


@check("system-role")
def system_role(reading: RoleTurns) -> Iterator[Breach]:
    """There is a system message."""
    yield from _first_of(reading, Role.SYSTEM, "a system message")


@check("developer-role")
def developer_role(reading: RoleTurns) -> Iterator[Breach]:
    """There is a developer message."""
    yield from _first_of(reading, Role.DEVELOPER, "a developer message")


@check("system-and-developer")
def system_and_developer(reading: RoleTurns) -> Iterator[Breach]:
    """There are both, so that a rule of authority between them is lost when one becomes the other."""
    if {Role.SYSTEM, Role.DEVELOPER} <= {turn.role for turn in reading.turns}:
        yield from _first_of(reading, Role.DEVELOPER, "a developer message beside a system message")


@check("system-in-messages")
def system_in_messages(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a system message stands in the list, where the provider keeps system text outside it."""
    turn = next((turn for turn in reading.listed if turn.role in {Role.SYSTEM, Role.DEVELOPER}), None)
    if turn is not None:
        yield at(turn, f"a {turn.captured} message inside the list")


@check("no-system-message")
def no_system_message(reading: RoleTurns) -> Iterator[Breach]:
    """There is no system message."""
    if reading.turns and not any(turn.role in {Role.SYSTEM, Role.DEVELOPER} for turn in reading.turns):
        yield at(reading.turns[0], "no system message")


@check("system-and-several-user-turns")
def system_and_several_user_turns(reading: RoleTurns) -> Iterator[Breach]:
    """System text, and more than one user turn that it could be put before."""
    if sum(turn.role is Role.USER for turn in reading.turns) > 1:
        yield from system_role(reading)


@check("system-not-leading")
def system_not_leading(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a system message stands after another message that is not one."""
    led = True
    for turn in reading.turns:
        led = led and turn.role is Role.SYSTEM
        if turn.role is Role.SYSTEM and not led:
            yield at(turn, "a system message in the middle")
            return


@check("system-not-first")
def system_not_first(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a system message stands anywhere but in the first place."""
    for turn in reading.turns[1:]:
        if turn.role is Role.SYSTEM:
            yield at(turn, f"a system message at place {(turn.index or 0) + 1}")
            return


@check("role-unknown-to-gemini")
def role_unknown_to_gemini(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a role in the list is neither user nor model (nor the older `function`)."""
    for turn in reading.listed:
        if turn.captured not in {"user", "model", "function", ""} and not _typed(turn):
            yield at(turn, f"the role {turn.captured}")
            return


def _typed(turn: Turn) -> bool:
    """Whether the role is a transcript's own word for one that the provider knows."""
    return turn.captured in {"assistant", "tool"} and turn.message.pointer[-2:-1] != ("contents",)


@check("role-beyond-user-and-assistant")
def role_beyond_user_and_assistant(reading: RoleTurns) -> Iterator[Breach]:
    """In a list that alternates by place, another role stands where the assistant's turn would be."""
    for place, turn in enumerate(reading.listed):
        if (turn.role is Role.USER) != (place % 2 == 0):
            return
        if turn.role not in SPEAKERS:
            yield at(turn, f"a {turn.captured} message")
            return


# --- order ----------------------------------------------------------------------------------


@check("no-message")
def no_message(reading: RoleTurns) -> Iterator[Breach]:
    """Yield the list is empty."""
    if not reading.listed:
        yield Breach(None, "an empty message list")


@check("same-role-twice")
def same_role_twice(reading: RoleTurns) -> Iterator[Breach]:
    """Two messages in a row are of one role, a tool result counting as the user's."""
    before: Role | None = None
    for turn in reading.listed:
        side = Role.USER if turn.role is Role.TOOL else turn.role
        if side is before and side in SPEAKERS:
            yield at(turn, f"a second {turn.captured} message in a row")
            return
        before = side


@check("first-not-user")
def first_not_user(reading: RoleTurns) -> Iterator[Breach]:
    """Yield the list does not begin with the user."""
    if reading.listed and reading.listed[0].role not in {Role.USER, Role.TOOL}:
        yield at(reading.listed[0], f"the first message is the {reading.listed[0].captured}'s")


@check("last-is-assistant")
def last_is_assistant(reading: RoleTurns) -> Iterator[Breach]:
    """Yield the list ends with the assistant's words (not with a turn that the server paused)."""
    if reading.listed and reading.listed[-1].role is Role.ASSISTANT:
        turn = reading.listed[-1]
        if not turn.serves and not turn.calls:
            yield at(turn, f"the last message is the {turn.captured}'s")


@check("last-is-assistant-without-prefix")
def last_is_assistant_without_prefix(reading: RoleTurns) -> Iterator[Breach]:
    """Yield the list ends with the assistant, and no `prefix: true` says that the answer is to go on from there."""
    for breach in last_is_assistant(reading):
        if breach.turn and not breach.turn.prefix:
            yield breach


@check("system-after-answer")
def system_after_answer(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a system message follows the assistant or a tool."""
    for before, turn in _pairs(reading.listed):
        if turn.role is Role.SYSTEM and before.role in {Role.ASSISTANT, Role.TOOL}:
            yield at(turn, f"a system message after the {before.captured}'s", before=before.captured)
            return


@check("user-after-tool")
def user_after_tool(reading: RoleTurns) -> Iterator[Breach]:
    """Yield the user speaks right after a tool."""
    for before, turn in _pairs(reading.listed):
        if turn.role is Role.USER and before.role is Role.TOOL:
            yield at(turn, "a user message after a tool result")
            return


@check("tool-after-user")
def tool_after_user(reading: RoleTurns) -> Iterator[Breach]:
    """Yield a tool result follows the user or a system message."""
    for before, turn in _pairs(reading.listed):
        if turn.role is Role.TOOL and before.role in {Role.USER, Role.SYSTEM}:
            yield at(turn, f"a tool result after a {before.captured} message", before=before.captured)
            return


def _pairs(turns: tuple[Turn, ...]) -> Iterator[tuple[Turn, Turn]]:
    yield from itertools.pairwise(turns)


@check("roles-not-alternating")
def roles_not_alternating(reading: RoleTurns) -> Iterator[Breach]:
    """After the system text, user and assistant do not take turns; tool turns are not counted."""
    speaking = [turn for turn in reading.listed if turn.role in SPEAKERS and not turn.calls]
    yield from _out_of_turn(speaking)


@check("roles-not-alternating-from-the-start")
def roles_not_alternating_from_the_start(reading: RoleTurns) -> Iterator[Breach]:
    """From the very first message, user and anybody else do not take turns."""
    yield from _out_of_turn(list(reading.listed))


def _out_of_turn(turns: list[Turn]) -> Iterator[Breach]:
    for place, turn in enumerate(turns):
        if (turn.role is Role.USER) != (place % 2 == 0):
            yield at(turn, f"a {turn.captured} message out of turn")
            return
