"""What is remembered of an exchange, so that a later one can be known to go on from it: digests, never texts."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import cached_property

from ctxdebug.digests import blake2b
from ctxdebug.model import Kind, Message, Role, ToolCall
from ctxdebug.records import record

_CANDIDATES = 16
_HIDDEN = frozenset({Kind.THINKING, Kind.OPAQUE, Kind.MEDIA})
_TAIL = 64
"""Messages of a request whose digests are kept, the last ones: a window that slides drops the first."""


@record(frozen=True, slots=True)
class Turn:
    """An exchange: its session, its file, its trace, its rules, and the digests of its request and answer."""

    session: str
    path: str
    trace: str | None
    rules: bytes
    """A digest of the system texts; empty where there are none."""
    messages: bytes
    """A digest of the whole request without system texts."""
    answer: bytes | None
    tail: tuple[bytes, ...]
    """Digests of the last messages of the request, one by one."""
    alone: bool
    """Whether the request had one message of a user, and none of an assistant."""


class Memory:
    """Turns by key; the keys that were not asked for the longest are forgotten first."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._turns: OrderedDict[bytes, tuple[Turn, ...]] = OrderedDict()

    def add(self, key: bytes, turn: Turn) -> None:
        """Remember a turn under a key, the latest of its kind first."""
        self._turns[key] = (turn, *self._turns.pop(key, ()))[:_CANDIDATES]
        while len(self._turns) > self._kept:
            self._turns.popitem(last=False)

    def get(self, key: bytes) -> tuple[Turn, ...]:
        """Return the turns under a key."""
        found = self._turns.get(key, ())
        if found:
            self._turns.move_to_end(key)
        return found


class Spoken:
    """The messages of a request without its system texts: what each says, its digest, and a digest of every beginning."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.messages = [message for message in messages if message.role not in {Role.SYSTEM, Role.DEVELOPER}]
        self.words = [words_of(message) for message in self.messages]
        self.digests = [
            digest(f"{message.role}\x1e{words}") for message, words in zip(self.messages, self.words, strict=True)
        ]
        self.chain: list[bytes] = []
        held = blake2b(digest_size=12)
        for one in self.digests:
            held.update(one)
            self.chain.append(held.copy().digest())
        self.beginnings = frozenset(self.chain)
        self.whole = self.chain[-1] if self.chain else b""

    @cached_property
    def users(self) -> list[bytes]:
        """A digest of every beginning of what the user said, answers and results aside."""
        found: list[bytes] = []
        held = blake2b(digest_size=12)
        for message, one in zip(self.messages, self.digests, strict=True):
            if message.role is Role.USER:
                held.update(one)
                found.append(held.copy().digest())
        return found

    @property
    def tail(self) -> tuple[bytes, ...]:
        """The digests of the last messages."""
        return tuple(self.digests[-_TAIL:])

    @property
    def alone(self) -> bool:
        """Whether a single message of the user is all that there is."""
        return len(self.messages) == 1 and self.messages[0].role is Role.USER


def rules_digest(messages: Iterable[Message]) -> bytes:
    """Return a digest of the system texts of a request; empty where there are none."""
    said = [words_of(message) for message in messages if message.role in {Role.SYSTEM, Role.DEVELOPER}]
    return digest("\x1d".join(said)) if any(said) else b""


def words_of(message: Message) -> str:
    """Return what a message says and calls, without thoughts, and without the space around it."""
    said = "".join(segment.text for segment in message.segments if segment.kind not in _HIDDEN and segment.call is None)
    calls = [_called(segment.call) for segment in message.segments if segment.call is not None]
    return "\x1f".join([said.strip(), *calls]) if calls else said.strip()


def _called(call: ToolCall) -> str:
    """Return a call by name and arguments; ids and the order of keys change on the way."""
    arguments = call.arguments if call.parsed is None else json.dumps(call.parsed, sort_keys=True)
    return f"{call.name}({arguments})"


def digest(text: str) -> bytes:
    """Twelve bytes that stand for a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def call_ids(messages: Iterable[Message]) -> Iterator[bytes]:
    """Ids of calls that a provider made up; ours hold a `#` and say nothing."""
    for message in messages:
        for segment in message.segments:
            identifier = segment.call.id if segment.call is not None else None
            if identifier and len(identifier) >= 8 and "#" not in identifier:
                yield identifier.encode("utf-8", "surrogatepass")
