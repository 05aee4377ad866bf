r"""Wordings that the notation of phrases cannot say, because they capture or look around: regular expressions, as data too.

A folder is a language, a file in it a topic. An alternative is a line behind `~`, under a label, with an example:

    @blank = \s{1,20}
    @unit = words?|sentences?
    == most
    ~ at most {number} {unit}
        + at most three words
        - the most words

A sentence behind `-` is one in which the label must not be found. A line that is indented and has no sign goes on from the
one above it. `{name}` is a list of the file, or a fragment that the caller gives. `@blank` says what a written blank stands for
(one blank, where it is not given). Every repetition has a limit (`{0,60}`, never `*` or `+`), so that a search is linear on
hostile text; a test keeps it. A label may give a frame: in `== most :: \b(?:…)\b` the wordings under it stand where the three
dots are. Two wordings of a label may name a group alike: the second is `n__2` in the pattern, and `base_name` takes that back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases.notation import PhraseError
from ctxdebug.text.stored import digest_of, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

_MASK = "\ue000"
"""What readers put in place of the text of a quotation; an example writes three dots."""
_ROOT = Path(__file__).parent
_NAME = lazy(r"\{([a-z]\w*)\}")
_GROUP = lazy(r"\(\?P(?:<(?P<name>\w+)>|=(?P<back>\w+)\))")
_FRAGMENTS: dict[tuple[str, str, str], Mapping[str, str]] = {}
"""What callers gave to a wording, by topic, label and language, so that its examples can be tried."""


@record(slots=True)
class Wording:
    """One alternative of a label, with the sentences in which it is found."""

    at: str
    text: str
    examples: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)
    """Sentences near to it in which its label is not found."""


@record(slots=True)
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


def wording(topic: str, label: str, *, language: str = "en", **fragments: str) -> re.Pattern[str]:
    """Return the pattern of a label, in any case; the file is read, and the pattern compiled, at its first use."""
    _FRAGMENTS.setdefault((topic, label, language), fragments)
    return lazy(
        lambda: wording_source(topic, label, language=language, **fragments),
        re.IGNORECASE,
        key=lambda: _key(topic, label, language, fragments),
    )


def wording_source(topic: str, label: str, *, language: str = "en", **fragments: str) -> str:
    """Return the regular expression of a label, for use as a part of another; raises `PhraseError`."""
    _FRAGMENTS.setdefault((topic, label, language), fragments)
    made: str = stored(
        "wordings", _key(topic, label, language, fragments), lambda: _source(topic, label, language, fragments)
    )
    return made


def _key(topic: str, label: str, language: str, fragments: Mapping[str, str]) -> tuple[Any, ...]:
    """Return what the expression of a label follows from."""
    written = digest_of(Path(__file__), _ROOT / language / f"{topic}.txt")
    return written, topic, label, language, tuple(sorted(fragments.items()))


def _source(topic: str, label: str, language: str, fragments: Mapping[str, str]) -> str:
    file = wording_file(topic, language)
    if label not in file.labels:
        raise PhraseError(f"{topic} has no wordings under {label!r}")
    seen = Counter[str]()
    texts = [_distinct(file.source(one.text, fragments), seen) for one in file.labels[label]]
    return file.source(file.framed(label, "…"), fragments).replace("…", "|".join(texts), 1)


def _distinct(source: str, seen: Counter[str]) -> str:
    """Return an alternative whose groups have names of their own: a second `n` is `n__2` (`base_name` takes that back)."""

    def named(match: re.Match[str]) -> str:
        name = match["back"] or match["name"]
        seen[name] += match["back"] is None
        own = name if seen[name] < 2 else f"{name}__{seen[name]}"
        return f"(?P={own})" if match["back"] else f"(?P<{own}>"

    return _GROUP.sub(named, source)


def base_name(group: str) -> str:
    """Return the name under which a wording has a group: `n` of `n__2`."""
    return group.partition("__")[0]


def fragments_of(topic: str, label: str, language: str = "en") -> Mapping[str, str]:
    """Return what the code that reads a label gives it; nothing where none does."""
    return _FRAGMENTS.get((topic, label, language), {})


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
        elif line.startswith("- ") and open_one is not None:
            open_one.neighbours.append(line[2:])
        elif row.startswith(" ") and open_one is not None and not open_one.examples:
            open_one.text += line
        elif row.startswith(" ") and open_list:
            file.lists[open_list] += line
    return file


def wording_faults(topic: str, language: str = "en") -> Iterator[str]:
    """Yield what is wrong with the wordings of a topic: a label that nothing uses, a line without or not found in its example."""
    file = wording_file(topic, language)
    for label, wordings in file.labels.items():
        fragments = _FRAGMENTS.get((topic, label, language))
        if fragments is None:
            yield f"{wordings[0].at}: nothing uses the label {label!r}"
            continue
        for one in wordings:
            if not one.examples:
                yield f"{one.at}: no example"
            pattern = re.compile(
                _distinct(file.source(file.framed(label, one.text), fragments), Counter()), re.IGNORECASE
            )
            for example in one.examples:
                masked = example.replace("…", _MASK)
                if pattern.search(masked) is None and pattern.search(f"{masked} ") is None:
                    yield f"{one.at}: not found in {example!r}"
            for neighbour in one.neighbours:
                if pattern.search(neighbour.replace("…", _MASK)):
                    yield f"{one.at}: found in {neighbour!r}"


def wording_topics(language: str = "en") -> tuple[str, ...]:
    """Return the names of all topics of a language."""
    return tuple(sorted(path.stem for path in _ROOT.glob(f"{language}/*.txt")))


def wording_languages() -> tuple[str, ...]:
    """Return the languages that have wordings."""
    return tuple(sorted(path.name for path in _ROOT.iterdir() if any(path.glob("*.txt"))))
