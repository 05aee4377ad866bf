"""One call that two captures hold: as an application sent it to a proxy, and as the proxy sent it on.

Both hops have the same answer, from two hosts; the requests may differ, and that difference is what a proxy changed.
"""

from __future__ import annotations

from collections import OrderedDict
from urllib.parse import urlsplit

from ctxdebug.digests import blake2b
from ctxdebug.model import Role, Snapshot

_KEPT = 64
"""Exchanges that are remembered; the oldest go first."""
_TELLING = 40
"""Characters of an answer that two calls do not share by chance, where their counts are the same too."""
_TELLING_ID = 12
"""Characters of an answer's id that no test suite makes up twice."""


class Hops:
    """The last exchanges, by their answers."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, Snapshot] = OrderedDict()

    def before(self, snapshot: Snapshot) -> Snapshot | None:
        """Remember an exchange; return the same call as an earlier hop had it, where one was seen."""
        if snapshot.request is None or not _host(snapshot) or not snapshot.has_response:
            return None
        key = _key(snapshot)
        if key is None:
            return None
        seen = self._seen.get(key)
        if seen is not None and _host(seen) != _host(snapshot) and _same_answer(seen, snapshot):
            return seen
        self._seen[key] = snapshot
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return None


def _key(snapshot: Snapshot) -> bytes | None:
    """Return the answer and the last words of the user, which no proxy touches; None where there is no answer."""
    answer = _answer(snapshot)
    asked = next(
        (segment.text for message in reversed(snapshot.messages) if message.role is Role.USER
         for segment in reversed(message.segments) if segment.text.strip()), "")  # fmt: skip
    if not answer or not asked:
        return None
    return blake2b(f"{answer}\x1e{' '.join(asked.split())}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _answer(snapshot: Snapshot) -> str:
    return "\x1f".join(" ".join(segment.text.split()) for segment in snapshot.answer_segments() if segment.text)


def _same_answer(one: Snapshot, other: Snapshot) -> bool:
    """Whether two answers are one: by their id, or by text and counts."""
    if one.id is not None and one.id == other.id and len(one.id) >= _TELLING_ID:
        return True
    counts = [(used.prompt, used.output) if (used := each.usage) is not None else None for each in (one, other)]
    return len(_answer(one)) >= _TELLING and counts[0] is not None and counts[0] == counts[1]


def _host(snapshot: Snapshot) -> str:
    try:
        return urlsplit(snapshot.url or "").netloc
    except ValueError:
        return ""
