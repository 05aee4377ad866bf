"""What an injected instruction could bring about in this very request: the tools within reach, what can leave, and what stays unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxdebug.analysis.directives.cues import Frame
from ctxdebug.analysis.directives.directive import Passage
from ctxdebug.analysis.directives.side_effects import deed_of_name, deeds_asked, outward

_GRAVE = frozenset({"pay", "grant", "send", "publish", "delete", "run"})
"""Side effects that cannot be taken back, or that give something to others."""


def consequences(passage: Passage, words: str, tools: Iterable[str]) -> Iterator[str]:
    """Yield what could follow, in plain words: a grave deed that a tool here can do, data that can leave by one."""
    asked = deeds_asked(words)
    seen: set[str] = set()
    for name in tools:
        kind = deed_of_name(name)
        if name in seen or kind not in _GRAVE:
            continue
        seen.add(name)
        if kind in asked:
            yield f"{name} can do what it asks"
        elif outward(kind) and Frame.EXFILTRATION in passage.frames:
            yield f"data can leave by {name}"
    if seen and Frame.SECRECY in passage.frames:
        yield "the user is not to learn of it"
