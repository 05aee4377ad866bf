"""What the command line and the configuration ask of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis.judge import Judge
    from ctxdebug.api.options import Options
    from ctxdebug.config import Config
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.evals.asked_judge import AskedJudge


@record(frozen=True, slots=True)
class RunCall:
    """What a command line asks of a run: the options that all commands share."""

    wire_format: str | None = None
    max_bytes: int | None = None
    config_file: str | None = None
    model: str | None = None
    window: int | None = None
    no_cache: bool = False
    facts: tuple[str, ...] = ()
    corpus: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pedantic: bool = False
    local_rules: bool = False
    judge: str | None = None
    judge_model: str | None = None
    judge_record: str | None = None

    @classmethod
    def of(cls, **given: Any) -> RunCall:
        """Return the call that parsed options make; a repeated option may be None or a list."""
        facts = tuple(given.pop("facts", None) or ())
        select, ignore = split(given.pop("select", None)), split(given.pop("ignore", None))
        return cls(**given, select=select, ignore=ignore, facts=facts)

    def config(self) -> Config:
        """Return the project's configuration; raises `UsageError` where it cannot be used."""
        from ctxdebug.config import load_config

        return load_config(self.config_file)


def split(given: Iterable[str] | None) -> tuple[str, ...]:
    """Return repeated options and commas as one list."""
    return tuple(word.strip() for text in given or () for word in text.split(",") if word.strip())


def report_formats(given: Iterable[str] | None, known: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the values of `--format`; raises `UsageError` on one that is none of `known` (default: all reports)."""
    from ctxdebug.errors import UsageError
    from ctxdebug.text.nearest import choices

    names = split(given)
    if not names:
        return ()
    if known is None:
        from ctxdebug.reports import REPORT_FORMATS

        known = REPORT_FORMATS.all()
    reports = list(known)
    for name in names:
        if name in reports:
            continue
        from ctxdebug.wire import WIRE_FORMATS

        if name in WIRE_FORMATS.all():
            raise UsageError(f"{name} is a wire format: say --wire-format {name}; --format is the report's")
        raise UsageError(f"unknown format {name!r}; {choices(name, reports)}")
    return names


def run_options(config: Config, call: RunCall | None = None) -> RunOptions:
    """Return what the command line and the configuration ask for, the command line first."""
    from ctxdebug.api import options
    from ctxdebug.tokens.memo import Memo

    call = call or RunCall()
    if not call.no_cache:
        from ctxdebug.result_cache.stored_tables import use_tables

        use_tables()
    wanted: options.Options = {
        "model": call.model, "window": call.window, "facts": call.facts, "corpus": call.corpus, "select": call.select, "ignore": call.ignore,
        "pedantic": call.pedantic, "wire_format": call.wire_format, "max_bytes": call.max_bytes,
        "config": call.config_file, "local_rules": call.local_rules,
    }  # fmt: skip
    check_names(wanted, config)
    return options.run_options(config, wanted, None if call.no_cache else Memo(), _judge(call))


def check_model(name: str, models: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise `UsageError` on a model's name that is a slip of a known one; say when the catalogue has no such model."""
    from ctxdebug.config import Config

    check_names({"model": name}, Config(models=models))


def check_names(wanted: Options, config: Config) -> None:
    """Raise `UsageError` on a wire format or a model that is misspelt; say that a model is not in the catalogue."""
    from ctxdebug.api import options

    if not options.check_names(wanted, config):
        from ctxdebug.commands.terminal import notice

        notice(f"the model {wanted.get('model')!r} is not in the catalogue: its window and its prices are not known")


def _judge(call: RunCall) -> Judge | None:
    return None if call.judge is None else asked_judge(call.judge, call.judge_model, call.judge_record)


def asked_judge(url: str, model: str | None, record: str | None) -> AskedJudge:
    """Return the judge that the options ask for; raises `UsageError` on half an answer."""
    import os
    from pathlib import Path

    from ctxdebug.errors import UsageError
    from ctxdebug.evals.asked_judge import AskedJudge

    if not model:
        raise UsageError("--judge needs --judge-model")
    path = Path(record) if record else None
    if url == "-":
        return AskedJudge(model, None, path)
    from ctxdebug.evals.dialects import address, key_for
    from ctxdebug.evals.endpoint import Endpoint

    place = address(url)
    return AskedJudge(model, Endpoint(place, key_for(place, os.environ)), path)
