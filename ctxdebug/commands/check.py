"""What `check` does: examine, report as the findings come or at the end, and say the exit code."""

from __future__ import annotations

from collections.abc import Callable

from ctxdebug.api.options import settlement
from ctxdebug.commands.captured_secrets import learning
from ctxdebug.commands.delivery import choice, deliver
from ctxdebug.commands.llm_judge import advisory, finish
from ctxdebug.commands.printer import Printer
from ctxdebug.commands.progress import Progress
from ctxdebug.commands.run_options import RunCall, report_formats, run_options
from ctxdebug.commands.terminal import is_terminal, notice, say, wants_color, write
from ctxdebug.config import Config
from ctxdebug.decoding.source import STDIN
from ctxdebug.engine.report import Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.gate.baseline import FILE, renewed, update
from ctxdebug.loading.walk import captures
from ctxdebug.model import Confidence, Severity
from ctxdebug.own_rules.project import runs_project_code
from ctxdebug.records import record
from ctxdebug.redaction.output import secrets_are_shown
from ctxdebug.reports import REPORT_FORMATS
from ctxdebug.reports.lines import not_checked_lines, problem_line
from ctxdebug.reports.summary import summary
from ctxdebug.result_cache.remembered_call import current
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

_LEVELS = {**{severity.word: severity for severity in Severity}, "never": None}
_MOST_JOBS = 256
_CONFIDENCES = {confidence.word: confidence for confidence in Confidence}


@record(frozen=True, slots=True)
class CheckCall:
    """One call of `check`, in the words of its command line; a default is what no word says."""

    paths: tuple[str, ...]
    formats: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    fail_on: str | None = None
    quiet: bool = False
    verbose: bool = False
    baseline: str | None = None
    write_baseline: bool = False
    since: str | None = None
    """Only captures that changed since this revision."""
    max_findings: int | None = None
    json_version: int = 2
    jobs: str = "1"
    """Processes that examine; `auto` for as many as pay."""


def level(word: str) -> Severity | None:
    """Return the severity that a word means; None for `never`; raises `UsageError` on any other word."""
    if word not in _LEVELS:
        raise UsageError(f"--fail-on: unknown severity {word!r}; {choices(word, _LEVELS)}")
    return _LEVELS[word]


def confidence(word: str) -> Confidence:
    """Return the confidence that a word means; raises `UsageError` on any other word."""
    if word not in _CONFIDENCES:
        raise UsageError(f"gate.confidence: unknown value {word!r}; {choices(word, _CONFIDENCES)}")
    return _CONFIDENCES[word]


def jobs(word: str) -> int | None:
    """Return the number of processes that a word means, None for `auto`; raises `UsageError` on any other word."""
    if word == "auto":
        return None
    if not (word.isdecimal() and 1 <= int(word) <= _MOST_JOBS):
        raise UsageError(f"--jobs: a number from 1 to {_MOST_JOBS}, or auto, not {word!r}")
    return int(word)


def check(call: RunCall, request: CheckCall) -> int:
    """Make a call of the command line; returns the exit code."""
    names, processes = report_formats(request.formats), jobs(request.jobs)
    config = call.config()
    options = run_options(config, call)
    fail_on = level(request.fail_on or config.gate.fail_on or config.fail_on)
    least = confidence(config.gate.confidence)
    if request.write_baseline:
        return _write_baseline(request, options, config)
    chosen = choice(names, request.outputs).with_json(request.json_version)
    if chosen.said and not request.quiet:
        notice(chosen.said)
    streaming = chosen.formats in {("text",), ("concise",)} and not chosen.outputs
    formats = [] if streaming else [REPORT_FORMATS.all()[name] for name in chosen.formats]
    progress = Progress(
        lambda: sum(1 for _ in captures(request.paths, config.exclude)),
        wanted=not request.quiet,
        lost="" if streaming else "no report was written",
    )
    shown = chosen.formats == ("text",) and (is_terminal() or wants_color())
    printer = Printer(progress, grouped=shown, most=request.max_findings)
    parts = {form.name: form.parts() for form in formats if form.parts is not None}
    keep = any(form.needs_exchanges and form.name not in parts for form in formats)
    whole = keep or bool(parts)
    with progress:
        report = run(
            request.paths,
            options,
            keep=keep,
            watch=printer if streaming else learning(progress, whole=whole, parts=tuple(parts.values())),
            exclude=config.exclude,
            agreements=settlement(config, options, config.baseline if request.baseline is None else request.baseline),
            opened=printer.opened,
            chosen=None if request.since is None else _changed_since(request.since),
            jobs=processes,
            whole=whole,
        )
    report.fail_on, report.least = fail_on, least
    if options.analysis.judge is not None:
        finish(options.analysis.judge)
        report.advisory = advisory(options, config.cases)
    files: tuple[tuple[str, str], ...] = ()
    if streaming:
        printer.close()
        _finish(report, request, printer.left, spaced=shown)
    else:
        texts = [parts[form.name].pieces(report) if form.name in parts else form.render(report) for form in formats]
        files = deliver(texts, chosen.outputs, chosen.formats)
    if (kept := current()) is not None and _follows_from_what_was_read(report, request, options, config):
        kept.keepable, kept.files = True, files
    return exit_code(report)


def _changed_since(revision: str) -> Callable[[str], bool]:
    from ctxdebug.commands.changes import changed_since

    return changed_since(revision)


def _follows_from_what_was_read(report: Report, request: CheckCall, options: RunOptions, config: Config) -> bool:
    """Whether the same call over the same files would say the same: nobody was asked, nothing broke, every file was read."""
    asked = options.analysis.judge is not None or config.injection.model is not None or config.sources.nli is not None
    read = all(not problem.ours and (not problem.fatal or problem.path in report.paths) for problem in report.problems)
    asked |= runs_project_code(options.own_rules)
    return read and not (asked or request.since is not None or STDIN in request.paths or secrets_are_shown())


def exit_code(report: Report) -> int:
    """2 when something was not read, else 1 when a finding reaches the gate, else 0."""
    return 2 if report.unreadable else int(bool(report.failing))


def _write_baseline(request: CheckCall, options: RunOptions, config: Config) -> int:
    """Take what is found as known; 2 when something was not read, for then not all of it is."""
    path = request.baseline or config.baseline or FILE
    report = run(request.paths, options, exclude=config.exclude, agreements=settlement(config, options, None))
    for problem in report.unreadable:
        say(problem_line(problem))
    before, after = update(path, lambda old: renewed(old, report))
    added = sum((after.entries[key].count for key in after.entries.keys() - before.entries.keys()), 0)
    removed = sum((before.entries[key].count for key in before.entries.keys() - after.entries.keys()), 0)
    if not request.quiet:
        how = "" if config.baseline or request.baseline else f'; set baseline = "{FILE}" in the configuration to use it'
        say(f"{path}: {plural(after.count, 'known finding')} (+{added} -{removed}){how}")
    return 2 if report.unreadable else 0


def _finish(report: Report, request: CheckCall, left: int, *, spaced: bool) -> None:
    lines = [f"{plural(left, 'more finding')} not shown (--max-findings {request.max_findings})"] if left else []
    if request.verbose:
        lines += not_checked_lines(report) + [f"resolved: baseline entry {line}" for line in report.gone]
        lines += [f"ignored: {plural(count, 'finding')}: {reason}" for reason, count in report.ignored.items()]
        lines += [f"passed over: {kind}: {path}" for kind, paths in report.passed_over.items() for path in paths]
    if not request.quiet:
        if lines or (not spaced and (report.findings or report.problems)):
            lines.append("")
        lines.append(summary(report))
    if lines:
        write("\n".join(map(clean_line, lines)) + "\n")
