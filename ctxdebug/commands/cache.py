"""What `cache` does: show what is kept between runs, and remove it."""

from __future__ import annotations

import json
import sys

from ctxdebug.agents.notes import clear_notes
from ctxdebug.commands.run_options import report_formats
from ctxdebug.commands.terminal import say
from ctxdebug.result_cache import entry_store
from ctxdebug.result_cache.remembered_call import in_ci
from ctxdebug.result_cache.stored_tables import tables_folder
from ctxdebug.text.plural import plural
from ctxdebug.tokens import memo
from ctxdebug.tokens.cache_key import state_folder
from ctxdebug.tokens.user_folders import cache_folder

_DAY = 86_400


def show_cache(form: str) -> int:
    """Show what is kept; always 0."""
    (chosen,) = report_formats([form], ("text", "json"))
    base, state = cache_folder(), state_folder()
    found, tables = _census(entry_store.results_folder()), _census(tables_folder())
    counts = [file.stat().st_size for file in memo.shards(base)] if base is not None else []
    used = base is not None and not in_ci()
    if chosen == "json":
        values = {
            "version": 1,
            "folder": None if base is None else str(base),
            "results": {"used": used, "entries": found.entries, "bytes": found.size, "limit": entry_store.ROOM, "days": entry_store.OLDEST // _DAY},
            "token_counts": {"files": len(counts), "bytes": sum(counts)},
            "tables": {"files": tables.entries, "bytes": tables.size},
            "key": None if state is None else str(state / "cache-key"),
        }  # fmt: skip
        sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=1) + "\n")
        return 0
    if base is None:
        say("nothing is kept: there is no home folder; CTXDEBUG_CACHE_DIR sets one")
        return 0
    say(f"folder        {base}")
    old = f", the oldest unused for {plural(int(found.idle // _DAY), 'day')}" if found.entries else ""
    say(
        f"results       {plural(found.entries, 'call')} of check, {_size(found.size)} of {_size(entry_store.ROOM)}{old}"
    )
    say(f"token counts  {_size(sum(counts))}")
    say(f"tables        {_size(tables.size)}: patterns and phrases as they are compiled")
    say(f"key           {state / 'cache-key' if state is not None else 'none: kept results are not believed'}")
    say(
        f"used here     {'yes' if used else 'token counts and tables only: this is a CI job (check --cache uses results too)'}"
    )
    return 0


def clear_cache() -> int:
    """Remove results, token counts and tables; 0, also where there was nothing."""
    base, results, tables = cache_folder(), entry_store.results_folder(), tables_folder()
    if base is None or results is None or tables is None:
        say("nothing is kept: there is no home folder; CTXDEBUG_CACHE_DIR sets one")
        return 0
    removed = entry_store.clear(results)
    counts, compiled, notes = memo.clear(base), entry_store.clear(tables), clear_notes()
    told = f", and {plural(notes, 'note')} on agents' logs" if notes else ""
    say(
        f"{base}: removed {plural(removed, 'result')}, {plural(counts, 'file')} of token counts and {plural(compiled, 'file')} of tables{told}"
    )
    return 0


def _census(folder: str | None) -> entry_store.Census:
    return entry_store.Census(0, 0, 0) if folder is None else entry_store.census(folder)


def _size(number: int) -> str:
    return f"{number / 1e6:.1f} MB"
