"""What `inspect` does: read the capture, choose one exchange and say which, show it."""

from __future__ import annotations

import sys
from pathlib import Path

from ctxdebug.cases.coverage import case_of
from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange, hide_secrets_of_findings
from ctxdebug.commands.delivery import deliver, matched
from ctxdebug.commands.llm_judge import judged, without_judge
from ctxdebug.commands.progress import Progress
from ctxdebug.commands.terminal import notice, page, say, terminal_width, wants_color, warn, write
from ctxdebug.engine.choice import choose
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.engine.steps import Answer
from ctxdebug.errors import UsageError
from ctxdebug.gate.settlement import Settlement
from ctxdebug.loading.latest import latest
from ctxdebug.model import pointer_text
from ctxdebug.proof import PROOFS
from ctxdebug.questions import Question, Verdict
from ctxdebug.records import record, replace
from ctxdebug.redaction.output import for_output, hide_secrets_of
from ctxdebug.reports import REPORT_FORMATS
from ctxdebug.reports.lines import finding_line, problem_line
from ctxdebug.reports.screen import screen
from ctxdebug.reports.views import text as view_text
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

_MOST_LISTED = 20


@record(frozen=True, slots=True)
class InspectCall:
    """One call of `inspect`."""

    capture: str
    exchange: int | None
    session: str | None
    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    views: tuple[str, ...]
    html: str | None = None
    open_page: bool = False
    defang: str | None = None
    cases: str = "fixtures/cases"
    """The folder in which a case for the exchange is looked for."""
    quiet: bool = False
    everything: bool = False
    """The long form of the screen."""
    paged: bool = False
    """Through a pager, where standard output is a terminal."""
    json_version: int = 2
    proof: str | None = None
    """A file of proofs of its findings; without it, what is kept of its request is looked for."""


def capture_of(path: str | None, tool: str | None) -> str:
    """Return the capture that is meant: the path, or the newest session of a tool, which is told on standard error."""
    if path is not None and tool is None:
        return path
    if path is not None or tool is None:
        told = "a path and --latest exclude each other" if path else "no capture is named"
        raise UsageError(f"{told}: `ctxdebug inspect PATH` or `ctxdebug inspect --latest TOOL`")
    found = str(latest(tool))
    notice(f"newest session of {tool}: {found}")
    return found


def inspect_capture(request: InspectCall, options: RunOptions, settled: Settlement | None = None) -> int:
    """Examine, show, and return the exit code; `settled` are the configuration's agreements."""
    progress = Progress(lambda: 1, wanted=not request.quiet)
    options = replace(options, repeats=True)
    with progress:
        report = run(
            [request.capture], without_judge(options), keep=True, agreements=settled, opened=progress,
            watch=progress.examined,
        )  # fmt: skip
    for reason, count in report.ignored.items():
        notice(f"{plural(count, 'finding')} ignored by the configuration ({reason})")
    for problem in report.problems:
        warn(problem_line(problem))
    if not report.examined:
        return 2
    chosen, number = choose(report.examined, request.exchange, request.session)
    hide_secrets_of_exchange(chosen.snapshot)
    hide_secrets_of_findings(chosen)
    chosen = judged(chosen, options, settled, quiet=request.quiet)
    chosen = _proved(replace(chosen, steps=_with_case(chosen, request.cases)), request.proof)
    if request.defang is not None:
        _write_defanged(request.defang, chosen)
        return _code(report)
    if request.html is not None:
        _write_page(request, report, chosen)
        return _code(report)
    asked = matched(request.formats, request.outputs).with_json(request.json_version)
    if request.formats or any(name != "text" for name in asked.formats):
        deliver([_rendered(name, report, chosen) for name in asked.formats], asked.outputs, asked.formats)
        return _code(report)
    if request.quiet:
        write("".join(f"{finding_line(finding)}\n" for finding in chosen.findings))
        return _code(report)
    total = len(report.examined)
    if total > 1:
        hide_secrets_of([(one.snapshot.model, one.snapshot.session) for one in report.examined])
        sys.stdout.write(for_output(listing(report, number)))
    position = f" · exchange {number} of {total}" if total > 1 else ""
    color = wants_color() and not request.outputs
    text = screen(
        chosen,
        width=terminal_width(),
        color=color,
        position=position,
        views=_views(chosen, request.views),
        everything=request.everything,
    )
    if request.outputs:
        deliver([text], request.outputs)
    elif request.paged:
        page(text)
    else:
        sys.stdout.write(for_output(text))
    return _code(report)


def _proved(chosen: Examined, given: str | None) -> Examined:
    """Return the exchange with what asking the model again showed of its findings, where that is known."""
    if given is None and not PROOFS.is_dir():
        return chosen
    from ctxdebug.proof.finding_proofs import proofs_for

    proofs = proofs_for(chosen, given)
    return chosen if proofs is None else proofs.attached(chosen)


def _rendered(name: str, report: Report, chosen: Examined) -> str:
    """Return the exchange in a format; its page shows the turns of its session too."""
    narrowed = report.only(chosen)
    if name != "html":
        return REPORT_FORMATS.all()[name].render(narrowed)
    from ctxdebug.reports.html import page

    for other in report.examined:
        hide_secrets_of_exchange(other.snapshot)
    return page(replace(narrowed, examined=report.examined), [chosen])


def _write_page(request: InspectCall, report: Report, chosen: Examined) -> None:
    """Write the page, and open it where that was asked."""
    from pathlib import Path

    from ctxdebug.files import write_whole

    assert request.html is not None
    write_whole(request.html, for_output(_rendered("html", report, chosen)))
    say(f"{request.html}: written")
    if request.open_page:
        import webbrowser

        webbrowser.open(Path(request.html).resolve().as_uri())


def _write_defanged(path: str, chosen: Examined) -> None:
    """Write the exchange with its untrusted text made harmless."""
    import json

    from ctxdebug.files import write_whole
    from ctxdebug.reports.json_text import safe_json
    from ctxdebug.sharing.defanged import defanged

    text = json.dumps(defanged(chosen.snapshot), ensure_ascii=False, indent=2)
    write_whole(path, safe_json(text) + "\n")
    say(f"{path}: written, with untrusted text defanged")


def _with_case(chosen: Examined, folder: str) -> tuple[Answer, ...]:
    """Return the answers of the five steps, the eval case looked up in the folder of cases."""
    case, name = case_of(chosen.snapshot, Path(folder)), clean_line(folder)
    looked = Answer(
        Question.CASE_EXISTS,
        Verdict.OK if case else Verdict.NOT_CHECKED,
        int(bool(case)),
        1,
        reason=case or f"no case in {name}: ctxdebug freeze",
    )
    return tuple(looked if answer.question is Question.CASE_EXISTS else answer for answer in chosen.steps)


def _code(report: Report) -> int:
    """Findings do not change it: a person looks at a case because it fails. `check` is for gates."""
    return 2 if report.unreadable else 0


def listing(report: Report, shown: int) -> str:
    """Return the exchanges of a capture, a line each, around the one that is shown."""
    total = len(report.examined)
    first = max(1, min(shown - _MOST_LISTED // 2, total - _MOST_LISTED + 1))
    lines = []
    for number in range(first, min(total, first + _MOST_LISTED - 1) + 1):
        examined = report.examined[number - 1]
        snapshot = examined.snapshot
        count = len(examined.findings)
        mark = ">" if number == shown else " "
        found = plural(count, "finding") if count else "-"
        file = f"{snapshot.path} " if len(report.paths) > 1 else ""
        where = f"{file}{pointer_text(snapshot.pointer)}"
        lines.append(clean_line(
            f" {mark} {number:>4}  {snapshot.model or '?':<28} {len(snapshot.messages):>4} messages  {found:<12} {snapshot.session or ''} {where}"
        ).rstrip())  # fmt: skip
    if total > _MOST_LISTED:
        lines.append(f"   {total} exchanges in all; --exchange N shows another")
    return "\n".join([*lines, "", ""])


def _views(examined: Examined, wanted: tuple[str, ...]) -> list[str]:
    return [view_text(name, examined, terminal_width()) for name in wanted]
