"""What `case` does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.commands.progress import Progress
from ctxdebug.commands.stages import Stages
from ctxdebug.commands.terminal import say, say_parts, write
from ctxdebug.errors import UsageError
from ctxdebug.loading.walk import near_path
from ctxdebug.text.nearest import did_you_mean
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean, clean_line, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.cases.lint import Flaw
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.config import Config


def case_paths(paths: list[str] | None, config: Config) -> list[Path]:
    """Return the case files that are meant; raises `UsageError` when there is none."""
    from ctxdebug.cases.store import find_cases

    meant = [_meant(path, config) for path in paths or [config.cases]]
    found = find_cases(meant)
    if not found:
        raise UsageError(f"no cases under {', '.join(map(str, meant))}; `ctxdebug freeze` makes one")
    return found


def _meant(path: str, config: Config) -> Path:
    given = Path(path)
    by_id = Path(config.cases) / f"{path}.yaml"
    try:
        if given.exists():
            return given
        if by_id.exists():
            return by_id
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}".lower()) from None
    ids = [case.stem for case in Path(config.cases).glob("*.yaml")]
    raise UsageError(f"there is no case {path!r}{did_you_mean(path, ids)}{near_path(path)}")


def _config(config_file: str | None) -> Config:
    from ctxdebug.config import load_config

    return load_config(config_file)


def lint_cases(paths: list[str] | None, config_file: str | None) -> int:
    """Lint; 2 when a case cannot be used."""
    from ctxdebug.cases.lint import lint, loaded, orphans
    from ctxdebug.commands.run_options import run_options

    config = _config(config_file)
    own = run_options(config).own_rules
    with Stages("nothing was reported") as stages:
        stages.begin("reading the cases")
        cases, flaws = loaded(case_paths(paths, config))
        flaws += [flaw for stored in stages.each("linting", cases, _id) for flaw in lint(stored, own)]
        flaws += list(orphans(cases))
    _print(flaws)
    fatal = sum(flaw.fatal for flaw in flaws)
    say(f"{plural(len(cases), 'case')} read · {plural(fatal, 'flaw')}")
    return 2 if fatal else 0


def verify_cases(paths: list[str] | None, config_file: str | None, *, local_rules: bool = False) -> int:
    """Verify; 1 when a case proves nothing, 2 when one cannot be read. With `local_rules` the project's Python rules run."""
    from ctxdebug.cases.lint import loaded, verify
    from ctxdebug.commands.run_options import RunCall, run_options

    config = _config(config_file)
    with Stages("nothing was reported") as stages:
        stages.begin("reading the cases")
        cases, unreadable = loaded(case_paths(paths, config))
        run = run_options(config, RunCall(config_file=config_file, local_rules=local_rules))
        flaws = [flaw for stored in stages.each("verifying", cases, _id) for flaw in verify(stored, run)]
    _print([*unreadable, *flaws])
    unproven = len({flaw.path for flaw in flaws})
    say(
        f"{len(cases) - unproven} of {plural(len(cases), 'case')} proven: they fail on the bad answer and pass on the good one"
    )
    return 2 if unreadable else int(bool(flaws))


def list_cases(paths: list[str] | None, config_file: str | None) -> int:
    """List; 2 when one cannot be read."""
    from ctxdebug.cases.lint import loaded

    cases, flaws = loaded(case_paths(paths, _config(config_file)))
    width = max((len(stored.case.id) for stored in cases), default=0)
    for stored in cases:
        code = stored.case.findings[0].code if stored.case.findings else "-"
        model = _model(stored)
        say_parts(
            (f"{stored.case.id:<{width}}  ", "bold"),
            (f"{code:<6}  ", _style(code)),
            (f"{model:<28}  ", "dim"),
            (excerpt(_expectation(stored), 80), ""),
        )
    _print(flaws)
    return 2 if flaws else 0


def _style(code: str) -> str:
    """Return the style of a rule's severity; none where the rule is not known."""
    from ctxdebug.commands.painting import SEVERITY
    from ctxdebug.rules import RULES

    rule = RULES.all().get(code)
    return "" if rule is None else SEVERITY[rule.severity.word]


def survey_cases(paths: list[str] | None, captures: list[str] | None, fail_on: str, config_file: str | None) -> int:
    """Survey; 1 when a finding reaches the gate, 2 when something could not be read."""
    from ctxdebug.cases.lint import loaded
    from ctxdebug.cases.survey import survey
    from ctxdebug.commands.captured_secrets import hide_secrets_of_findings
    from ctxdebug.commands.check import level
    from ctxdebug.commands.run_options import run_options
    from ctxdebug.engine.run import run
    from ctxdebug.evals import RUNS
    from ctxdebug.evals.recording import models_asked
    from ctxdebug.reports.lines import finding_line, problem_line

    gate = level(fail_on)
    config = _config(config_file)
    cases, flaws = loaded(case_paths(paths, config))
    options = run_options(config)
    live = captures or [path for path in config.captures if Path(path).exists()]
    progress = Progress(lambda: len(live), lost="nothing was reported")
    with progress:
        report = run(live, options, keep=True, opened=progress, watch=progress.examined) if live else None
    for examined in report.examined if report is not None else ():
        hide_secrets_of_findings(examined)
    findings = survey(cases, report.examined if report is not None else (), options, models_asked(RUNS))
    _print(flaws)
    for problem in report.unreadable if report is not None else ():
        say(problem_line(problem))
    for finding in findings:
        say(finding_line(finding))
    exchanges = len(report.examined) if report is not None else 0
    counts = ((len(cases), "case"), (exchanges, "live exchange"), (len(findings), "finding"))
    say(" · ".join(plural(count, word) for count, word in counts))
    if flaws or (report is not None and report.unreadable):
        return 2
    return int(gate is not None and any(finding.severity >= gate for finding in findings))


def show_case(path: str, config_file: str | None) -> int:
    """Show one case."""
    import msgspec

    from ctxdebug.cases.store import load_case
    from ctxdebug.redaction.output import hide_secrets_of

    (found, *others) = case_paths([path], _config(config_file))
    if others:
        raise UsageError(f"{path} contains {len(others) + 1} cases; name one")
    stored = load_case(found)
    case = stored.case
    hide_secrets_of(msgspec.to_builtins(case))
    lines = [f"{case.id}   {case.request.format} · {_model(stored)}", f"title        {case.title}"]
    if case.origin is not None:
        lines.append(f"from         {case.origin.capture} {case.origin.pointer}".rstrip())
    for explanation in case.findings:
        lines.append(f"{explanation.code}       {explanation.message}")
        lines += [
            f'             "{excerpt(_text(stored, item.text), 140)}"  {item.note}'
            for item in explanation.evidence
            if item.text
        ]
    lines += [f"expects      {_expectation(stored)}", f"fallback     {case.fallback}"]
    lines += [f"recorded     {excerpt(stored.answer(case.recorded)[0], 200)}"]
    if case.good is not None:
        lines.append(f"good         {excerpt(stored.answer(case.good)[0], 200)}")
    write("\n".join(clean_line(clean(line)) for line in lines) + "\n")
    return 0


def _text(stored: StoredCase, text: Any) -> str:
    return stored.text(text)


def _id(stored: StoredCase) -> str:
    return stored.case.id


def _model(stored: StoredCase) -> str:
    body = stored.case.request.body.get("model")
    return body if isinstance(body, str) else stored.case.request.model or "?"


def _expectation(stored: StoredCase) -> str:
    import msgspec

    return json.dumps(msgspec.to_builtins(stored.case.expect), ensure_ascii=False)


def _print(flaws: Iterable[Flaw]) -> None:
    for flaw in flaws:
        say(f"{flaw.path}: {'' if flaw.fatal else 'note: '}{flaw.message}")
