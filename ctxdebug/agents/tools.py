"""The tools: each a pure function of the folders and its arguments, read-only, its answer bounded and masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ctxdebug.agents.answers import first, told, untrusted
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import RunOptions, run_source
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.model import Problem, Snapshot, pointer_text
from ctxdebug.records import replace
from ctxdebug.redaction.shown import captured_values
from ctxdebug.text.printable import clean_line, window

if TYPE_CHECKING:
    from ctxdebug.agents.folders import Folders, Listed
    from ctxdebug.engine.report import Report
    from ctxdebug.model import Finding

_MOST_PROBLEMS, _MOST_EVIDENCE, _MOST_PAGES, _MOST_SESSIONS = 10, 4, 3, 20
_MOST_SEARCHED = 64 * 1024 * 1024
"""Bytes of files that one search reads."""
_SHORTEST_QUERY = 2
_LONGEST_MATCH = 240


class Tools:
    """What an agent may ask."""

    def __init__(self, folders: Folders, options: RunOptions) -> None:
        self.folders = folders
        self.options = options

    def inspect_capture(self, path: str, exchange: int | None = None) -> str:
        """Examine one exchange of a capture: what was asked and answered, what is wrong, the likely cause, what was not checked."""
        from ctxdebug.engine.choice import choose
        from ctxdebug.engine.likely_cause import likely_cause

        report = self._report(path, replace(self.options, repeats=True))
        if not report.examined:
            return told({"path": clean_line(path), "examined": False, "problems": _problems(report)})
        examined, number = choose(report.examined, exchange)
        snapshot, prompt, window_ = examined.snapshot, examined.analysis.prompt, examined.analysis.window
        asked, cause = examined.analysis.question, likely_cause(examined.findings)
        return told(
            {
                "path": clean_line(path), "exchange": number, "of": len(report.examined), "model": untrusted(snapshot.model),
                "format": snapshot.format, "asked": untrusted(asked.text if asked else None, 800),
                "answered": untrusted(examined.analysis.answer or None, 800),
                "error": untrusted(snapshot.error.message if snapshot.error else None),
                "prompt_tokens": {"value": prompt.total.value, "exact": prompt.total.exact, "window": window_.tokens if window_ else None},
                "likely_cause": cause.code if cause else None,
                "findings": [_finding(one) for one in examined.findings],
                "verdicts": [
                    {"step": int(one.step), "statement": one.question.statement, "verdict": one.verdict.value,
                     "checked": one.checked, "total": one.total, "why": untrusted(one.reason or None, 160)}
                    for one in examined.steps
                ],
                "rules_not_checked": len(examined.not_checked), "problems": _problems(report),
            },
            captured_values(snapshot),
        )  # fmt: skip

    def inspect_session(self, path: str, session: str | None = None) -> str:
        """Examine a run of an agent: fill of the window by turn, compactions and what they lost, the cache, replay, findings by turn."""
        from ctxdebug.engine.session.assembly import sessions
        from ctxdebug.engine.session.scope import of_runs
        from ctxdebug.reports.session.document import session_document

        options = replace(
            self.options, steps=False, repeats=True, selection=of_runs(self.options.selection, self.options.own_rules)
        )
        report = self._report(path, options)
        found = sessions(report)
        if not found:
            return told({"path": clean_line(path), "examined": False, "problems": _problems(report)})
        named = [one for one in found if session in {None, one.name}]
        if not named:
            raise UsageError("there is no such session; without one, the answer lists those of the file")
        chosen = max(named, key=lambda one: len(one.turns))
        held = session_document([chosen], report)["sessions"][0]
        return told(
            {
                "path": clean_line(path), "session": untrusted(chosen.name), "sessions_in_file": len(found),
                "sessions": [untrusted(one.name) for one in found[:_MOST_SESSIONS]],
                "turns": len(chosen.turns), "boundaries": [_marked(one, "lane", "trigger") for one in held["boundaries"]],
                "cache_losses": held["cache_losses"],
                "figures": {key: value for key, value in held["figures"].items() if not isinstance(value, (list, dict))},
                "models": [{"model": untrusted(name, 80), "turns": turns} for name, turns in held["figures"]["models"].items()],
                "findings": [{"turn": turn.number, **_finding(one)} for one, turn in chosen.findings],
                "instructions": [{**one, "text": untrusted(one["text"], 200)} for one in held["survival"]["instructions"]],
                "lost_values": [{**one, "text": untrusted(one["text"], 120)} for one in held["survival"]["values"]],
                "fill": [[turn["number"], turn["fill"]] for turn in held["turns"][-100:]],
                "sent_most": [_marked(one, "who", "title") for one in held["sent"][:15]],
                "rereads": [{**one, "call": untrusted(one["call"], 120)} for one in held["figures"]["rereads"][:15]],
                "not_logged": held["not_logged"], "problems": _problems(report),
            },
            (value for one in chosen.examined for value in captured_values(one.snapshot)),
        )  # fmt: skip

    def explain_rule(self, rule: str) -> str:
        """Return the page of a rule: what it means, why it matters, examples, the fix. Takes a code, a name or a family."""
        from ctxdebug.engine.selection import Selection
        from ctxdebug.reports.pages import text
        from ctxdebug.rules import catalogue

        found = Selection((rule,)).of(catalogue(self.options.own_rules))
        if len(found) <= _MOST_PAGES:
            return text(found)
        return "\n".join(f"{one.code} {one.name}: {one.page.title}" for one in found)

    def budget(self, path: str, exchange: int | None = None) -> str:
        """Count the tokens of a prompt block by block, against its window and against what the provider counted."""
        from ctxdebug.analysis import Analysis
        from ctxdebug.analysis.token_table import budget

        snapshot = self._snapshot(path, exchange)
        held = budget(Analysis(snapshot, self.options.analysis))
        return told(
            {
                "path": clean_line(path), "model": untrusted(snapshot.model), "tokens": held.total.value, "exact": held.total.exact,
                "provider_counted": held.recorded, "window": held.window, "input_limit": held.input_limit,
                "reserved_for_output": held.reserve, "free": held.left, "verdict": held.verdict,
                "blocks": [
                    {"block": untrusted(line.name, 60), "what": untrusted(line.what, 80), "tokens": line.count.value, "exact": line.count.exact}
                    for line in sorted(held.lines, key=lambda line: -line.count.value)
                ],
            },
            captured_values(snapshot),
        )  # fmt: skip

    def diff(
        self, before: str, after: str, before_exchange: int | None = None, after_exchange: int | None = None
    ) -> str:
        """Compare two contexts: blocks added, dropped, changed, moved or cut, tools, settings; of each file its last exchange, or a numbered one."""
        from ctxdebug.analysis.turns.differences import contrast
        from ctxdebug.reports.contrasts import values

        old, new = self._snapshot(before, before_exchange), self._snapshot(after, after_exchange)
        held = values(old, new, contrast(old, new))
        changed = [one for one in held["segments"] if one["change"] != "same"]
        return told(
            {
                "before": clean_line(before), "after": clean_line(after), "unchanged_blocks": len(held["segments"]) - len(changed),
                "blocks": [
                    {**one, "text_before": untrusted(one["text_before"], 300), "text_after": untrusted(one["text_after"], 300)} for one in changed
                ],
                "tools": {key: value if isinstance(value, bool) else [untrusted(name, 80) for name in value] for key, value in held["tools"].items()},
                "settings": [
                    {"name": untrusted(one["name"], 60), "before": untrusted(repr(one["before"]), 120), "after": untrusted(repr(one["after"]), 120)}
                    for one in held["parameters"]
                ],
            },
            (value for one in (old, new) for value in captured_values(one)),
        )  # fmt: skip

    def search_captures(self, query: str = "", limit: int = 20) -> str:
        """List the captures of the folders, the newest first; with a query, the exchanges that contain these words, with their surroundings."""
        files = sorted(self.folders.listed(), key=lambda one: (-one.modified, one.path))
        most = max(1, min(limit, 100))
        if not query:
            return told({"captures": [_listed(one) for one in files[:most]], "more": max(0, len(files) - most)})
        if len(query) < _SHORTEST_QUERY:
            raise UsageError(f"a query has at least {_SHORTEST_QUERY} characters")
        matches: list[dict[str, Any]] = []
        learned: list[Any] = []
        read = searched = 0
        for one in files:
            if len(matches) >= most:
                break
            if read + one.size > _MOST_SEARCHED:
                continue
            read, readable = read + one.size, False
            for number, snapshot in enumerate(self._readable(one.path), 1):
                readable = True
                hits = list(_hits(snapshot, query.casefold(), most - len(matches)))
                if hits:
                    learned += captured_values(snapshot)
                about = {"path": clean_line(one.path), "exchange": number, "model": untrusted(snapshot.model)}
                matches += [{**about, **hit} for hit in hits]
                if len(matches) >= most:
                    break
            searched += readable
        left = {"files_searched": searched, "files_not_searched": len(files) - searched}
        return told({"query": clean_line(query), "matches": matches, **left}, learned)

    def _source(self, path: str) -> Source:
        return Source(clean_line(path), held=self.folders.read(path))

    def _report(self, path: str, options: RunOptions) -> Report:
        return run_source(self._source(path), options)

    def _readable(self, path: str) -> Iterator[Snapshot]:
        from ctxdebug.loading.load import load

        try:
            source = self._source(path)
        except LoadError:
            return
        yield from (loaded for loaded in load(source, self.options.load) if isinstance(loaded, Snapshot))

    def _snapshot(self, path: str, exchange: int | None) -> Snapshot:
        from ctxdebug.engine.choice import no_exchange
        from ctxdebug.loading.load import load

        found: list[Snapshot] = []
        problem: Problem | None = None
        for loaded in load(self._source(path), self.options.load):
            if isinstance(loaded, Snapshot):
                found.append(loaded)
            elif loaded.fatal:
                problem = problem or loaded
        if not found:
            raise LoadError(problem.message if problem else "no exchange could be read")
        if exchange is not None and not 1 <= exchange <= len(found):
            raise UsageError(no_exchange(len(found), exchange))
        return found[(exchange or 0) - 1]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code, "name": finding.name, "severity": finding.severity.word, "confidence": finding.confidence.word,
        "message": untrusted(finding.message), "fix": untrusted(finding.fix),
        "evidence": [
            {"pointer": clean_line(one.pointer), "line": one.place.line if one.place else None,
             "shows": untrusted(one.note, 160), "text": untrusted(one.text, 300)}
            for one in finding.evidence[:_MOST_EVIDENCE]
        ],
    }  # fmt: skip


def _marked(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return a value with the captured texts under some of its keys marked."""
    return {key: untrusted(item, 80) if key in keys else item for key, item in value.items()}


def _problems(report: Report) -> list[dict[str, Any]]:
    return first(
        [
            {"pointer": clean_line(one.pointer), "message": untrusted(one.message), "fatal": one.fatal}
            for one in report.problems
        ],
        _MOST_PROBLEMS,
    )


def _listed(one: Listed) -> dict[str, Any]:
    return {
        "path": clean_line(one.path),
        "bytes": one.size,
        "modified": datetime.fromtimestamp(one.modified, UTC).isoformat(timespec="seconds"),
    }


def _hits(snapshot: Snapshot, query: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield the first place of a query in each block of an exchange."""
    from ctxdebug.segmentation.block_names import block_names

    names: dict[str, str] = {}
    for segment in (*snapshot.segments(), *snapshot.answer_segments()):
        if most <= 0:
            return
        at = segment.text.casefold().find(query)
        if at < 0:
            continue
        names = names or block_names(snapshot)
        most -= 1
        start, end = min(at, len(segment.text)), min(at + len(query), len(segment.text))
        text = "".join(window(segment.text, start, end, _LONGEST_MATCH))
        yield {
            "at": pointer_text(snapshot.pointer),
            "role": segment.role.value,
            "block": untrusted(names.get(segment.id, segment.id), 60),
            "text": {"untrusted": text},
        }
