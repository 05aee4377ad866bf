"""What the last compaction of a log lost of the standing instructions: the whole log examined, once a compaction."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.agents.log_tail import BOUNDARY, carefully, parsed
from ctxdebug.agents.notes import Note

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session

_LARGEST = 64 * 1024 * 1024
_FARTHEST = 512 * 1024 * 1024
"""Bytes of the end of a log in which a compaction is looked for: a file may say that it has a terabyte."""
_BLOCK = 4 * 1024 * 1024
_LONGEST, _MOST = 200, 20
_RULE = "MEM106"
"""The rule that looks at what a summary lost; the other rules need not run."""
_UNREAD = "part of the log could not be read: ctxdebug session says what"


def last_compaction(path: str, after: int) -> int | None:
    """Return the offset behind the last line of a compaction that begins at `after` or later; None where there is none."""
    found = None
    with open(path, "rb", opener=carefully) as file:
        at, rest = max(after, file.seek(0, os.SEEK_END) - _FARTHEST), b""
        file.seek(at)
        while block := file.read(_BLOCK):
            held = rest + block
            where = held.rfind(BOUNDARY)
            if where >= 0:
                found = at - len(rest) + where + len(BOUNDARY)
            rest, at = held[-len(BOUNDARY) :], at + len(block)
    return found


def examined(path: str, note: Note) -> Note | None:
    """Return the note after a compaction that the old one does not know, or after a lost instruction was said again; None where nothing is new.

    A compaction counts when the model was called after it. Raises `OSError` where the log cannot be read.
    """
    found = last_compaction(path, note.upto)
    if found is None:
        lost = _still_lost(path, note)
        return None if lost == note.lost else note._replace(lost=lost)
    if Path(path).stat().st_size > _LARGEST:
        return Note(found, why_not=f"the log is larger than {_LARGEST:,} bytes: ctxdebug session examines it")
    session, whole = _session(path)
    if session is None:
        return Note(found, why_not=_UNREAD)
    main = session.lane("")
    last = main[-1].stretch if main else None
    if last is None or last.began is None or all(turn.call.answer is None for turn in last.turns):
        return None  # the model was not called since
    return Note(found, _lost(session), _began_at(path, note), "" if whole else _UNREAD)


def _session(path: str) -> tuple[Session | None, bool]:
    """Return the longest session of a log, and whether all of the log could be read."""
    from ctxdebug.decoding.source import Source
    from ctxdebug.engine.run import RunOptions, run_source
    from ctxdebug.engine.selection import Selection
    from ctxdebug.engine.session.assembly import sessions
    from ctxdebug.records import replace

    options = replace(RunOptions(), steps=False, repeats=True, selection=Selection((_RULE,)))
    report = run_source(Source(path, _LARGEST), options)
    found = sessions(report)
    return max(found, key=lambda one: len(one.turns), default=None), not report.unreadable


def _lost(session: Session) -> tuple[str, ...]:
    """Return the instructions that the last compaction of the main conversation lost and that were not said again.

    They are those that are followed through the session, and those that MEM106 finds, which also stand in files of instructions.
    """
    from ctxdebug.engine.session.survival import survival
    from ctxdebug.redaction.masking import masked
    from ctxdebug.text.printable import excerpt

    last = session.lane("")[-1].stretch
    lost = [one.text for one in survival(session).lost if one.at is last.turns[0] and one.last.stretch is not last]
    found = last.turns[0].examined.analysis.compaction
    said = " ".join(" ".join(message.text.split()) for message in last.turns[-1].context())
    for one in found.lost if found is not None else ():
        text = " ".join(one.text.split())
        if one.what == "rule" and text not in said and not any(text in known or known in text for known in lost):
            lost.append(_sentence(one.segment.text, one.start, one.end))
    return tuple(excerpt(masked(text), _LONGEST) for text in lost[:_MOST])


def _sentence(text: str, start: int, end: int) -> str:
    """Return the whole sentence that an instruction is in, for a part of it may say the opposite ("never …")."""
    begun = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    ends = [at for mark in ("\n", ". ") if (at := text.find(mark, max(start, end - 1))) >= 0]
    return " ".join(text[begun : min(ends, default=len(text)) + 1].split()).lstrip("-*• ")


def _still_lost(path: str, note: Note) -> tuple[str, ...]:
    """Return the lost instructions that the user has not said again since the compaction."""
    if not note.lost:
        return ()
    with open(path, "rb", opener=carefully) as file:
        file.seek(note.upto)
        said = [text for line in file if b'"user"' in line for text in _user_texts(line)]
    whole = "\n".join(" ".join(text.split()) for text in said)
    return tuple(one for one in note.lost if one.removesuffix(" …") not in whole)


def _user_texts(line: bytes) -> Iterator[str]:
    """Yield what the user wrote in a line of the log: no result of a tool, no summary, nothing of a sub-agent."""
    held = parsed(line)
    if held.get("type") != "user" or held.get("isSidechain") is True or held.get("isCompactSummary") is True:
        return
    message = held.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    for block in content if isinstance(content, list) else [{"type": "text", "text": content}]:
        if isinstance(block, dict) and block.get("type") == "text" and isinstance(block.get("text"), str):
            yield block["text"]


def _began_at(path: str, note: Note) -> int | None:
    """Return the prompt tokens at which the agent began its last compaction by itself, as the log records them."""
    found = note.auto_at
    with open(path, "rb", opener=carefully) as file:
        for line in file:
            if BOUNDARY not in line:
                continue
            held = parsed(line)
            about = held.get("compactMetadata")
            if held.get("subtype") == "compact_boundary" and isinstance(about, dict) and about.get("trigger") == "auto":
                tokens = about.get("preTokens")
                found = tokens if type(tokens) is int and tokens > 0 else found
    return found
