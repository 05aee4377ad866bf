"""Conversations: which exchanges go on from which, whatever files they stand in.

An exchange joins a session when the capture names one, when it goes on from a response by its id, when the answer of an
earlier exchange comes back in its messages, when an earlier request is the beginning of this one, when the end of an
earlier exchange is the beginning of this one (the head was dropped), or when it follows one of the same rules in the same
file and points back to an answer that it does not contain. Only digests are kept, and the oldest are forgotten, so that a
folder of any size can pass.
"""

from __future__ import annotations

from ctxdebug.analysis.turns.shape import points_back
from ctxdebug.engine.remembered import Memory, Spoken, Turn, call_ids, digest, rules_digest, words_of
from ctxdebug.model import Role, Snapshot
from ctxdebug.records import replace

_KEPT = 20_000
_TELLING = 80
"""Characters of an answer that two conversations do not share by chance."""
_SHARED = 3
"""Messages in a row, to the end of an earlier exchange, that two conversations with the same rules do not share by chance."""


class Sessions:
    """Gives every exchange the name of its session, one exchange after the other."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._memory = Memory(kept)
        self._last: dict[str, Turn] = {}
        self._made = 0

    def joined(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with the session that it belongs to; a name of our own (`c1`) where the capture has none."""
        spoken, rules = Spoken(snapshot.messages), rules_digest(snapshot.messages)
        session = snapshot.session or self._found(snapshot, spoken, rules)
        if session is None:
            self._made += 1
            session = f"c{self._made}"
        self._remember(snapshot, session, spoken, rules)
        return snapshot if session == snapshot.session else replace(snapshot, session=session)

    def _remember(self, snapshot: Snapshot, session: str, spoken: Spoken, rules: bytes) -> None:
        said = [words_of(message) for message in snapshot.answer]
        words = next((one for one in said if one), None)
        answer = digest(words) if words is not None else None
        turn = Turn(session, snapshot.path, _trace(snapshot), rules, spoken.whole, answer, spoken.tail, spoken.alone)
        if snapshot.id:
            self._memory.add(b"id:" + snapshot.id.encode("utf-8", "surrogatepass"), turn)
        for call in call_ids(snapshot.answer):
            self._memory.add(b"call:" + call, turn)
        if answer is not None and any(len(one) >= _TELLING for one in said):
            self._memory.add(b"answer:" + answer, turn)
        if spoken.chain:
            self._memory.add(b"request:" + spoken.whole, turn)
        if spoken.users:
            self._memory.add(b"users:" + spoken.users[-1], turn)
        if spoken.digests and words is not None:
            self._memory.add(_end(spoken.digests[-1], digest(f"{Role.ASSISTANT}\x1e{words}")), turn)
        self._last[snapshot.path] = turn

    def _found(self, snapshot: Snapshot, spoken: Spoken, rules: bytes) -> str | None:
        if snapshot.previous:
            for turn in self._memory.get(b"id:" + snapshot.previous.encode("utf-8", "surrogatepass")):
                return turn.session
        trace = _trace(snapshot)
        return (
            self._by_answer(spoken, trace)
            or self._by_beginning(snapshot.path, spoken, trace)
            or self._by_end(snapshot.path, spoken, trace, rules)
            or self._by_users(snapshot.path, spoken, trace, rules)
            or self._by_pointing(snapshot, spoken, trace, rules)
        )

    def _by_answer(self, spoken: Spoken, trace: str | None) -> str | None:
        """Return the session whose last answer, or whose call, comes back in the messages; the latest one first.

        A phrase that several conversations have heard joins the one in which the same was said before it.
        """
        for at in range(len(spoken.messages) - 1, -1, -1):
            message, words = spoken.messages[at], spoken.words[at]
            if message.role is not Role.ASSISTANT:
                continue
            keys = [b"call:" + call for call in call_ids((message,))]
            if len(words) >= _TELLING:
                keys.append(b"answer:" + digest(words))
            turns = [turn for key in keys for turn in self._memory.get(key) if turn.trace == trace]
            if not turns:
                continue
            chosen = next((turn for turn in turns if turn.messages in spoken.beginnings), None)
            if chosen is None and len({turn.session for turn in turns}) == 1:
                chosen = turns[0]
            if chosen is None:
                runs = [(_run(spoken.digests[:at], turn.tail), turn) for turn in turns]
                longest = max(run for run, _ in runs)
                chosen = next(turn for run, turn in runs if run == longest) if longest else None
            if chosen is not None:
                return chosen.session
        return None

    def _by_beginning(self, path: str, spoken: Spoken, trace: str | None) -> str | None:
        """Return the session of the longest request that this one begins with and goes on from.

        In another file a greeting and its answer are no sign of the same conversation.
        """
        for length in range(len(spoken.messages) - 1, 0, -1):
            if spoken.messages[length].role is not Role.ASSISTANT:
                continue
            found = self._memory.get(b"request:" + spoken.chain[length - 1])
            turns = [turn for turn in found if turn.trace == trace]
            if not turns:
                continue
            said = digest(spoken.words[length])
            telling = sum(map(len, spoken.words[: length + 1])) >= _TELLING
            for turn in turns:
                if turn.answer in {None, said} and (telling or turn.path == path):
                    return turn.session
            if telling and len(turns) == 1 and turns[0].path == path:
                return turns[0].session  # an application may change an answer before it sends it back
        return None

    def _by_end(self, path: str, spoken: Spoken, trace: str | None, rules: bytes) -> str | None:
        """Return the session of the exchange whose last messages this request goes on from, though its first ones are gone.

        From the last shared answer back, both must say the same until one of them begins; the first message of this
        request may be new, as a summary is.
        """
        for at in range(len(spoken.digests) - 1, 0, -1):
            if spoken.messages[at].role is not Role.ASSISTANT:
                continue
            for turn in self._memory.get(_end(spoken.digests[at - 1], spoken.digests[at])):
                if turn.trace != trace or turn.rules != rules:
                    continue
                run = _run(spoken.digests[:at], turn.tail) + 1
                begun = run >= at + 1 or run - 1 == len(turn.tail)
                telling = run > _SHARED or sum(map(len, spoken.words[at + 1 - run : at + 1])) >= _TELLING
                if (begun or (run == at and run > 2)) and (telling or turn.path == path):
                    return turn.session
        return None

    def _by_users(self, path: str, spoken: Spoken, trace: str | None, rules: bytes) -> str | None:
        """Return the session in the same file whose words of the user this request repeats and adds to, and no answer: none came back."""
        if len(spoken.messages) < 2 or any(message.role is not Role.USER for message in spoken.messages):
            return None
        for length in range(len(spoken.users) - 1, 0, -1):
            found = [
                turn
                for turn in self._memory.get(b"users:" + spoken.users[length - 1])
                if turn.trace == trace and turn.rules == rules and turn.path == path and turn.answer is not None
            ]
            telling = length > 1 or len(spoken.words[0]) >= _TELLING or len({turn.session for turn in found}) == 1
            if found and telling:
                return found[0].session
        return None

    def _by_pointing(self, snapshot: Snapshot, spoken: Spoken, trace: str | None, rules: bytes) -> str | None:
        """Return the session of the exchange right before in the same file, under the same rules, that this one points back to."""
        before = self._last.get(snapshot.path)
        if before is None or not spoken.alone or not before.alone or before.answer is None:
            return None
        same = before.trace == trace and before.rules == rules and rules != b""
        return (
            before.session if same and points_back(spoken.words[0], "\n".join(map(words_of, snapshot.answer))) else None
        )


def _run(new: list[bytes], old: tuple[bytes, ...]) -> int:
    """How many messages in a row are the same in both, from their ends."""
    same = 0
    for one, other in zip(reversed(new), reversed(old), strict=False):
        if one != other:
            break
        same += 1
    return same


def _end(asked: bytes, answered: bytes) -> bytes:
    return b"end:" + asked + answered


def _trace(snapshot: Snapshot) -> str | None:
    trace = snapshot.labels.get("trace")
    return trace if isinstance(trace, str) else None
