"""Wordings are data: each has an example in which it is found, and each label is used."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import ctxdebug.analysis
import ctxdebug.rules
from ctxdebug.analysis.constraints.masking import INSIDE
from ctxdebug.analysis.constraints.vocabularies import read_languages, vocabulary
from ctxdebug.text.phrases.notation import PhraseError
from ctxdebug.text.wordings import (
    fragments_of,
    wording,
    wording_faults,
    wording_file,
    wording_languages,
    wording_source,
    wording_topics,
)

PARSER: Any = importlib.import_module("re._parser")
"""The standard library's own reading of a pattern."""

for package in (ctxdebug.analysis, ctxdebug.rules):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


for code in sorted(read_languages()):
    vocabulary(code)

FILES = [(language, topic) for language in wording_languages() for topic in wording_topics(language)]


@pytest.mark.parametrize(("language", "topic"), FILES)
def test_every_wording_is_used_and_found_in_its_examples(language: str, topic: str) -> None:
    assert list(wording_faults(topic, language)) == []


@pytest.mark.parametrize(("language", "topic"), FILES)
def test_every_repetition_has_a_limit(language: str, topic: str) -> None:
    """Which keeps a search linear on hostile text; only the mark that stands for a quotation may be repeated without one."""
    for label, wordings in wording_file(topic, language).labels.items():
        source = wording_source(topic, label, language=language, **fragments_of(topic, label, language))
        assert list(unlimited(PARSER.parse(source, re.IGNORECASE))) == [], (wordings[0].at, label)


def unlimited(tree: Any) -> Iterator[Any]:
    """Yield what a pattern repeats without a limit."""
    for node in tree:
        kind, held = node
        if (
            str(kind).endswith("_REPEAT")
            and held[1] is PARSER.MAXREPEAT
            and [ord(INSIDE)] != [literal for _, literal in held[2]]
        ):
            yield node
        for part in held if isinstance(held, tuple | list) else (held,):
            for branch in part if isinstance(part, list) else (part,):
                if isinstance(branch, PARSER.SubPattern):
                    yield from unlimited(branch)


def test_an_unknown_label_and_an_unknown_fragment_are_refused() -> None:
    with pytest.raises(PhraseError, match="no wordings under"):
        wording("constraint_grammar", "nothing").search("x")
    with pytest.raises(PhraseError, match="no fragment is named"):
        wording("constraint_position", "end").search("x")


@pytest.mark.parametrize(
    ("source", "count"),
    [(r"a\s+b", 1), (r"(?:a|b(?:c*d){0,3})", 1), (r"(?!x+)a{2,}", 2), (r"a\s{1,20}b?", 0), (f"{INSIDE}+", 0)],
)
def test_what_has_no_limit_is_found(source: str, count: int) -> None:
    assert len(list(unlimited(PARSER.parse(source)))) == count
