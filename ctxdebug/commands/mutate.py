"""What `mutate` does."""

from __future__ import annotations

from pathlib import Path

from ctxdebug.commands.stages import Stages
from ctxdebug.commands.terminal import say
from ctxdebug.errors import UsageError


def mutate_cases(
    paths: list[str], kinds: tuple[str, ...], output: str | None, force: bool, config_file: str | None
) -> int:
    """Write the variants that fit; 2 when a case cannot be read."""
    from ctxdebug.cases.blobs import reader
    from ctxdebug.cases.lint import loaded, verify
    from ctxdebug.cases.mutation import KINDS, variants
    from ctxdebug.cases.store import StoredCase, save_case
    from ctxdebug.commands.case import case_paths
    from ctxdebug.commands.run_options import run_options
    from ctxdebug.config import load_config

    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise UsageError(f"unknown kind {unknown[0]!r}; known: {', '.join(KINDS)}")
    config = load_config(config_file)
    cases, flaws = loaded(case_paths(paths, config))
    run = run_options(config)
    with Stages("what is said to be written is there") as stages:
        for stored in stages.each("making variants of", cases, lambda stored: stored.case.id):
            if stored.case.origin is not None and stored.case.origin.mutation:
                continue
            folder = Path(output) if output else stored.path.parent
            for variant in variants(stored, run, kinds):
                if variant.case is None:
                    say(f"{stored.case.id}: no {variant.kind}: {variant.reason}")
                    continue
                unsaved = StoredCase(
                    variant.case, folder / f"{variant.case.id}.yaml", reader(folder / "blobs", variant.blobs.texts)
                )
                wrong = [flaw.message for flaw in verify(unsaved, run)]
                if wrong:
                    say(f"{stored.case.id}: no {variant.kind}: {wrong[0]}")
                    continue
                say(f"wrote {save_case(variant.case, variant.blobs, folder, replace=force)}")
    for flaw in flaws:
        say(f"{flaw.path}: {flaw.message}")
    return 2 if flaws else 0
