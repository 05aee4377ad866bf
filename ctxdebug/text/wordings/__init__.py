r"""Wordings that the notation of phrases cannot say, because they capture or look around: regular expressions, as data too.

A folder is a language, a file in it a topic. An alternative is a line behind `~`, under a label, with an example:

    @blank = \s{1,20}
    @unit = words?|sentences?
    == most
    ~ at most {number} {unit}
        + at most three words

A line that is indented and has no sign goes on from the one above it. `{name}` is a list of the file, or a fragment that
the caller gives. `@blank` says what a written blank stands for (one blank, where it is not given). Every repetition has a
limit (`{0,60}`, never `*` or `+`), so that a search is linear on hostile text; a test keeps it. A label may give a frame:
in `== most :: \b(?:…)\b` the wordings under it stand where the three dots are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases.notation import PhraseError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MASK = "\ue000"
"""What readers put in place of the text of a quotation; an example writes three dots."""
_ROOT = Path(__file__).parent
_NAME = re.compile(r"\{([a-z]\w*)\}")
_FRAGMENTS: dict[tuple[str, str], Mapping[str, str]] = {}
"""What callers gave to a wording, by topic and label, so that its examples can be tried."""


@dataclass(slots=True)
class Wording:
    """One alternative of a label, with the sentences in which it is found."""

    at: str
    text: str
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class WordingFile:
    """The lists of a file and its wordings by label."""

    lists: dict[str, str] = field(default_factory=dict)
    labels: dict[str, list[Wording]] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)

    def framed(self, label: str, text: str) -> str:
        """Return wordings in the frame of their label."""
        return self.frames.get(label, "…").replace("…", text, 1)

    def source(self, text: str, fragments: Mapping[str, str]) -> str:
        """Return a wording as a regular expression."""
        for _ in range(4):
            text = _NAME.sub(lambda match: self._named(match[1], fragments), text)
        blank = self.lists.get("blank")
        return text.replace(" ?", r"\s{0,20}").replace(" ", blank) if blank else text

    def _named(self, name: str, fragments: Mapping[str, str]) -> str:
        found = fragments.get(name, self.lists.get(name))
        if found is None:
            raise PhraseError(f"no list and no fragment is named {name!r}")
        return found


def wording(topic: str, label: str, **fragments: str) -> re.Pattern[str]:
    """Return the pattern of a label, in any case; the file is read, and the pattern compiled, at its first use."""
    _FRAGMENTS.setdefault((topic, label), fragments)
    return lazy(lambda: wording_source(topic, label, **fragments), re.IGNORECASE)


def wording_source(topic: str, label: str, **fragments: str) -> str:
    """Return the regular expression of a label, for use as a part of another; raises `PhraseError`."""
    _FRAGMENTS.setdefault((topic, label), fragments)
    file = wording_file(topic)
    if label not in file.labels:
        raise PhraseError(f"{topic} has no wordings under {label!r}")
    return file.source(file.framed(label, "|".join(one.text for one in file.labels[label])), fragments)


def fragments_of(topic: str, label: str) -> Mapping[str, str]:
    """Return what the code that reads a label gives it; nothing where none does."""
    return _FRAGMENTS.get((topic, label), {})


@cache
def wording_file(topic: str, language: str = "en") -> WordingFile:
    """Read the wordings of a topic."""
    path = _ROOT / language / f"{topic}.txt"
    file, label = WordingFile(), ""
    open_list, open_one = "", None
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = row.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            name, _, words = line[1:].partition("=")
            open_list, open_one = name.strip(), None
            file.lists[open_list] = words.strip()
        elif line.startswith("== "):
            label, _, frame = line[3:].partition(" :: ")
            open_list, open_one = "", None
            if frame:
                file.frames[label] = frame
        elif line.startswith("~ "):
            open_one = Wording(f"{language}/{path.name}:{number}", line[2:])
            file.labels.setdefault(label, []).append(open_one)
        elif line.startswith("+ ") and open_one is not None:
            open_one.examples.append(line[2:])
        elif row.startswith(" ") and open_one is not None and not open_one.examples:
            open_one.text += line
        elif row.startswith(" ") and open_list:
            file.lists[open_list] += line
    return file


def wording_faults(topic: str) -> Iterator[str]:
    """Yield what is wrong with the wordings of a topic: a label that nothing uses, a line without or not found in its example."""
    file = wording_file(topic)
    for label, wordings in file.labels.items():
        fragments = _FRAGMENTS.get((topic, label))
        if fragments is None:
            yield f"{wordings[0].at}: nothing uses the label {label!r}"
            continue
        for one in wordings:
            if not one.examples:
                yield f"{one.at}: no example"
            pattern = re.compile(file.source(file.framed(label, one.text), fragments), re.IGNORECASE)
            for example in one.examples:
                masked = example.replace("…", _MASK)
                if pattern.search(masked) is None and pattern.search(f"{masked} ") is None:
                    yield f"{one.at}: not found in {example!r}"


def wording_topics() -> tuple[str, ...]:
    """Return the names of all topics."""
    return tuple(sorted(path.stem for path in _ROOT.glob("en/*.txt")))
