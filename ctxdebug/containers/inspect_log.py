"""Inspect logs, as JSON or as a zip (`.eval`): samples with their model events."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.inspect_sample import exchanges_of_sample
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.model import Decoding, Problem, pointer_text
from ctxdebug.text.patterns import lazy

_SAMPLE = lazy(r"samples/[^/]{1,300}\.json")


def _sniff(source: Source) -> Likeness:
    if source.shape == "zip":
        from ctxdebug.decoding.zip_archive import Archive

        names = Archive(source).names()
        known = "header.json" in names or any(name.startswith("_journal/") or _SAMPLE.fullmatch(name) for name in names)
        return Likeness.CERTAIN if known else Likeness.NO
    if source.shape != "json" or '"eval"' not in source.opening:
        return Likeness.NO
    document = source.document
    return Likeness.CERTAIN if isinstance(document, dict) and {"eval", "status"} <= document.keys() else Likeness.NO


@container("inspect", "`eval`, `status` and `samples`; or a zip with header.json and samples/*.json", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a model event; a sample without events is one exchange."""
    if source.shape != "zip":
        samples = source.document.get("samples")
        at = (*source.root, Decoding.JSON, "samples")
        for index, sample in enumerate(samples if isinstance(samples, list) else []):
            if isinstance(sample, dict):
                yield from exchanges_of_sample(sample, (*at, index), source.document.get("eval"))
        if not samples:
            yield Problem(source.path, f"the log contains no samples (status {source.document.get('status')!r})")
        return
    from ctxdebug.decoding.zip_archive import Archive

    archive = Archive(source)
    found = sorted(name for name in archive.names() if _SAMPLE.fullmatch(name))
    for name in found:
        inner = (*source.root, Decoding.ZIP, name, Decoding.JSON)
        try:
            sample = source.reader.read(source.decode(archive.read(name)), name)
        except LoadError as error:
            yield Problem(source.path, f"{name} {error.message}", pointer_text(inner))
            continue
        if isinstance(sample, dict):
            yield from exchanges_of_sample(sample, inner, None)
    if not found:
        yield Problem(source.path, "the log contains no samples")
