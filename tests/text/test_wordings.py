"""Wordings are data: each has an example in which it is found, and each label is used."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import ctxdebug.analysis
import ctxdebug.rules
from ctxdebug.text.phrases.notation import PhraseError
from ctxdebug.text.wordings import wording, wording_faults, wording_topics

for package in (ctxdebug.analysis, ctxdebug.rules):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


@pytest.mark.parametrize("topic", wording_topics())
def test_every_wording_is_used_and_found_in_its_examples(topic: str) -> None:
    assert list(wording_faults(topic)) == []


def test_an_unknown_label_and_an_unknown_fragment_are_refused() -> None:
    with pytest.raises(PhraseError, match="no wordings under"):
        wording("constraint_grammar", "nothing").search("x")
    with pytest.raises(PhraseError, match="no fragment is named"):
        wording("constraint_position", "end").search("x")
