"""The hook: after a compaction it finds what was lost, and before the next prompt it says so, once.

An agent must never be held up or stopped by it: whatever happens it exits 0, and where there is nothing new it says nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import IO, Any

from ctxdebug.agents.fill import fill
from ctxdebug.agents.log_tail import tail
from ctxdebug.agents.notes import Note, read_note
from ctxdebug.agents.status_line import said, warned


def run(given: IO[bytes], out: IO[str]) -> int:
    """Answer one event of the agent; always 0."""
    told = said(given)
    log = told.get("transcript_path")
    if isinstance(log, str):
        try:
            if told.get("hook_event_name") != "UserPromptSubmit":
                _stopped(log)
            elif (answer := _prompted(told, log)) is not None:
                out.write(json.dumps(answer, ensure_ascii=True) + "\n")
        except Exception:  # noqa: BLE001 - an agent's turn is not held up by its debugger
            return 0
    return 0


def _stopped(log: str) -> None:
    """After an answer: where the log has a compaction that was not examined, examine it."""
    from ctxdebug.agents.lost_instructions import examined
    from ctxdebug.agents.notes import write_note

    note = read_note(log)
    found = examined(log, note)
    if found is not None:
        write_note(log, found)


def _prompted(told: Mapping[str, Any], log: str) -> Mapping[str, Any] | None:
    """Before a prompt: return the message to the user about what was not told yet; the model is told nothing."""
    note = read_note(log)
    found = fill(told, tail(log), note, os.environ)
    new = [one for one in warned(found, note) if one not in note.told]
    if not new:
        return None
    from ctxdebug.agents.notes import write_note

    write_note(log, Note(note.upto, note.lost, note.auto_at, note.why_not, (*note.told, *new)[-8:]))
    more = "; `ctxdebug session --latest claude-code` shows the whole run"
    return {"systemMessage": f"ctxdebug: {'; '.join(new)}{more}"}
