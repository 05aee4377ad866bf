"""One step before retrieval: whether what was needed is in the corpus, how the query missed it, and which version came back."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from ctxdebug.analysis.claims.statement import statement
from ctxdebug.analysis.claims.words import STEM, stems_of
from ctxdebug.analysis.sources.conflict import Side
from ctxdebug.analysis.sources.corpus import Corpus, folded
from ctxdebug.analysis.sources.corpus_index import CorpusIndex, CorpusPassage
from ctxdebug.analysis.sources.dating import older
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.localisation import places
from ctxdebug.analysis.sources.source import Source
from ctxdebug.analysis.sources.source_segments import is_look_up
from ctxdebug.records import record
from ctxdebug.text.words import LETTERS, content_words

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.sourced import Sourced
    from ctxdebug.loading.corpus_folder import CorpusFolder

_NEAR = 40
"""Passages that are searched for a fact in another form."""
_MOST_SOURCES = 24
"""Retrieved sources that are looked for in the corpus."""
_SENTENCE = 25
"""Folded characters from which a sentence tells a passage."""
_SAME = 0.5
"""Share of a retrieved text's words that a passage of the corpus has, so that it may be another version of it."""
_COVERS = 0.75
"""Share of the question's words, by weight, that a passage has which would have answered it."""
_BETTER = 0.3
"""By which it covers the question more than everything in the prompt."""
_COVERS_LITTLE = 0.45
_LONGEST_QUERY = 200
_MOST_WORDS = 5


class InCorpus(StrEnum):
    """Where a fact that was not retrieved is."""

    NOWHERE = "not in the corpus"
    NOT_RETRIEVED = "in the corpus and not retrieved"
    OLDER = "in the corpus, and an older version was retrieved"


@record(frozen=True, slots=True)
class CorpusVerdict:
    """What the corpus says: where, in which file, its words there, how it was missed, and the retrieved source that is older."""

    where: InCorpus
    note: str
    file: str = ""
    words: str = ""
    older: int | None = None
    used: bool = False
    """Whether the answer has what the older version says."""


class CorpusSearch:
    """The corpus that the user names, held against one exchange."""

    def __init__(self, folder: CorpusFolder, facts: Sourced) -> None:
        self.folder = folder
        self.facts = facts
        self.queries = tuple(_queries(facts))
        sources = self._retrieved()
        wanted = set(stems_of("\n".join((*self.queries, *facts.analysis.options.facts, facts.analysis.answer))))
        wanted.update(*(stems_of(facts.sources[number].text[:4000]) for number in sources))
        self.index = CorpusIndex(folder.texts, wanted)

    def _retrieved(self) -> list[int]:
        found = [number for number, source in enumerate(self.facts.sources) if source.retrieved]
        return found[:_MOST_SOURCES]

    def of_fact(self, fact: str) -> CorpusVerdict:
        """Return where a fact is that the prompt does not contain."""
        found = self._find(fact)
        if found is None:
            rest = f"; {self.folder.left_out}" if self.folder.left_out else ""
            return CorpusVerdict(
                InCorpus.NOWHERE, f"no text of {self.folder.size} contains it, in no form that was tried{rest}"
            )
        return self._missed(found, fact)

    def of_question(self) -> CorpusVerdict | None:
        """Return the passage that covers the question and was not retrieved, or that none covers it; None where neither is plain."""
        asked = self.facts.examination.question
        if asked is None or len(asked.stems) < 2:
            return None
        share, passage = next(iter(self.index.nearest(asked.stems, 1)), (0.0, None))
        if passage is None or share < _COVERS_LITTLE:
            rest = f"; {self.folder.left_out}" if self.folder.left_out else ""
            note = f"no text of {self.folder.size} covers the question well (best {share:.0%} of its words){rest}"
            return CorpusVerdict(InCorpus.NOWHERE, note)
        given = self.facts.examination.question_coverage or 0.0
        if share < _COVERS or share < given + _BETTER or self._is_given(passage):
            return None
        return self._missed(passage, "")

    def older_versions(self) -> Iterator[CorpusVerdict]:
        """Yield each retrieved source of which the corpus has a newer text that says otherwise."""
        for number in self._retrieved():
            source = self.facts.sources[number]
            for passage in self._versions(number):
                text = self.folder.texts[passage.number]
                held = Source(text.name, self.index.words(passage), text.title, text.date or self._own_date(text.text))
                both = Examination([source, held], self.facts.examination.question_text, self.facts.analysis.answer)
                one = next(
                    (one for one in both.conflicts if one.sure and {one.left.source, one.right.source} == {0, 1}), None
                )
                if one is None or self._is_given(passage):
                    continue
                order = older(both.dating(0), both.dating(1))
                same = _stem(source.id or source.title) == _stem(text.name) != ""
                if order == -1 or (order == 0 and same):
                    mine, theirs = one.left_value, one.right_value
                    used = one.used is (Side.LEFT if one.left.source == 0 else Side.RIGHT)
                    if one.left.source == 1:
                        mine, theirs = theirs, mine
                    ages = " against ".join(both.dating(at).shown or "no date" for at in (0, 1))
                    note = f"{self.facts.name(number)} says “{mine}”, {text.name} says “{theirs}” ({ages})"
                    yield CorpusVerdict(InCorpus.OLDER, note, text.name, self.index.words(passage), number, used)
                    break

    @staticmethod
    def _own_date(text: str) -> str:
        """Return nothing where the passage is the whole text; else what the head of the file says of its age."""
        from ctxdebug.analysis.sources.dating import dating

        return dating(Source("", text[:1000])).shown

    def _versions(self, number: int) -> list[CorpusPassage]:
        source = self.facts.sources[number]
        stems = stems_of(source.text[:4000])
        found = []
        for _, passage in self.index.nearest(stems, 6):
            theirs = stems_of(self.index.words(passage))
            small = min(len(stems), len(theirs))
            named = _stem(source.id or source.title) == _stem(self.folder.texts[passage.number].name) != ""
            if small and (len(stems & theirs) >= _SAME * small or named):
                found.append(passage)
        return found

    def _find(self, fact: str) -> CorpusPassage | None:
        """Return where a fact is: as written, near the question's words where it is several times; else in another form."""
        needle = folded(fact).strip(" .,;:!?")
        nearest = [passage for _, passage in self.index.nearest(stems_of("\n".join((*self.queries, fact))), _NEAR)]
        literal = [passage for passage in nearest if needle and _has(needle, folded(self.index.words(passage)))]
        if literal:
            return literal[0]
        for number, text in enumerate(self.folder.texts):
            if needle and _has(needle, folded(text.text)):
                return _around(number, text.text, fact)
        if not statement(fact).values:
            return None
        texts = Corpus([Source("", self.index.words(passage)) for passage in nearest])
        place = next(iter(places(fact, texts)), None)
        return nearest[place[0].source] if place is not None else None

    def _missed(self, passage: CorpusPassage, fact: str) -> CorpusVerdict:
        text, words = self.folder.texts[passage.number], self.index.words(passage)
        if fact:
            for verdict in self.older_versions():
                if verdict.file == text.name and verdict.older is not None:
                    return verdict
        parts = [
            number for number in self._retrieved() if self._is_part(self.facts.sources[number], text.name, text.text)
        ]
        if parts:
            how = (
                f"other passages of it were retrieved ({self.facts.name(parts[0])}), this one was not: "
                "look at the chunks, and at how many are taken"
            )
        else:
            how = self._how(words)
        return CorpusVerdict(InCorpus.NOT_RETRIEVED, how, text.name, words)

    def _is_given(self, passage: CorpusPassage) -> bool:
        """Whether the prompt has most sentences of a passage."""
        telling = [one for one in map(folded, self.index.words(passage).split("\n")) if len(one) >= _SENTENCE]
        prompt = self._prompt
        return bool(telling) and sum(one in prompt for one in telling) * 2 > len(telling)

    @cached_property
    def _prompt(self) -> str:
        return " ".join(self.facts.examination.corpus.folds)

    @staticmethod
    def _is_part(source: Source, name: str, text: str) -> bool:
        if _stem(source.id or source.title) == _stem(name) != "":
            return True
        own = folded(text)
        telling = [one for one in map(folded, source.text.split("\n")) if len(one) >= _SENTENCE][:20]
        return bool(telling) and sum(one in own for one in telling) * 2 > len(telling)

    def _how(self, words: str) -> str:
        """Say which words of the query the passage has, and what it says in other words."""
        query = self.queries[0]
        stems = stems_of(words)
        wanted = list(dict.fromkeys(word for word in content_words(query) if STEM[word]))
        shared = [word for word in wanted if STEM[word] in stems]
        lacking = [word for word in wanted if STEM[word] not in stems]
        shown = query if len(query) <= _LONGEST_QUERY else query[:_LONGEST_QUERY] + "…"
        if wanted and not lacking:
            return f"all words of the query “{shown}” are in it: look at the ranking, the filters and how many passages are taken"
        asked = set(map(STEM.__getitem__, wanted))
        own = list(
            dict.fromkeys(word.lower() for word in LETTERS.findall(words) if STEM[word] and STEM[word] not in asked)
        )
        other = f"; it says {', '.join(own[:_MOST_WORDS])}" if own else ""
        return (
            f"of the query “{shown}” it has {len(shared)} of {len(wanted)} words"
            + (f" ({', '.join(shared[:_MOST_WORDS])})" if shared else "")
            + f", and not {', '.join(lacking[:_MOST_WORDS])}{other}"
        )


def _queries(facts: Sourced) -> Iterator[str]:
    """What was looked up with: the arguments of look-ups, what a retriever beside the call was asked, then the question."""
    for segment in facts.analysis.segments:
        call = segment.call
        if call is not None and is_look_up(call.name) and isinstance(call.parsed, dict):
            said = " ".join(value for value in call.parsed.values() if isinstance(value, str))
            if said.strip():
                yield said
    told = facts.analysis.snapshot.labels.get("queries")
    yield from (query for query in (told if isinstance(told, list) else []) if isinstance(query, str) and query.strip())
    yield facts.examination.question_text or facts.analysis.answer


def _around(number: int, text: str, fact: str) -> CorpusPassage:
    at = max(0, text.lower().find(fact.lower()[:40]))
    start = max(0, text.rfind("\n\n", 0, at))
    end = text.find("\n\n", at + len(fact))
    return CorpusPassage(number, start, min(end if end >= 0 else len(text), start + 1600))


def _has(needle: str, text: str) -> bool:
    at = text.find(needle)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(needle) : at + len(needle) + 1]
        if not (before.isalnum() and needle[0].isalnum()) and not (after.isalnum() and needle[-1].isalnum()):
            return True
        at = text.find(needle, at + 1)
    return False


def _stem(name: str) -> str:
    """Return what a file or an id is called without its folder, its ending and a line or page behind it."""
    bare = name.lower().split(" page ")[0].split("?")[0]
    bare = bare.rsplit(":", 1)[0] if bare.rsplit(":", 1)[-1].isdigit() else bare
    return PurePath(bare.rsplit("#", 1)[0]).stem
