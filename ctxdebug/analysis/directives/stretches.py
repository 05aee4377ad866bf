"""A sentence in which a machine may be named, and whether its words are such that an order can be among them."""

from __future__ import annotations

from ctxdebug.analysis.directives.vocabulary import Vocabulary, Word, tokens, vocabularies
from ctxdebug.text.patterns import lazy

WINDOW = 460
"""Characters behind the reader's name in which its orders stand."""
BEFORE = 220
"""Characters before it that may belong to its sentence."""
END = lazy(r"(?:[.!?][\"'”»)\]]{0,2}\s|[।。！？]|\n|\\n|<[/!a-zA-Z]|\"[,:}\]])")
DEMANDS = frozenset({"deed", "say", "omit", "drop"})
"""What a verb is that demands something."""
PARTING = {ord(sign): " " for sign in "\"'’.,;:!?()[]{}<>/\\|`*=+-–—«»“”„‘،؛؟।"}
"""What parts words, for `str.translate`."""
_ENGLISH = frozenset("the and of to this that with you for are is in".split())
_EAST = "\u3040"
"""The first sign of the scripts that do not part words."""
_PARTS = frozenset(":：—–|$~/")
_COVERT = frozenset({"hush", "settled", "lasting", "secret", "only", "drop", "omit"})


class Stretch:
    """A sentence in which a machine may be named, and what its words may do in each language."""

    def __init__(self, text: str, lowered: str, start: int, end: int) -> None:
        self.begin, self.stop = sentence(text, start, end)
        self._text = text
        self._sentence = lowered[self.begin : self.stop]
        self._behind = lowered[self.stop : end + WINDOW]
        self._words = set(self._sentence.translate(PARTING).split())
        self._english = len(self._words & _ENGLISH) > 1
        self._may: dict[str, bool] = {}
        self._rows: dict[str, list[Word]] = {}

    def may_order(self, language: str) -> bool:
        """Whether the words, wherever they stand, are such that an order of that language can be among them."""
        if language not in self._may:
            self._may[language] = not (self._english and language != "en") and self._ordering(vocabularies()[language])
        return self._may[language]

    def _ordering(self, known: Vocabulary) -> bool:
        if not known.spaces:
            return max(self._sentence, default="") >= _EAST
        does = known.possible(self._words)
        parted = not _PARTS.isdisjoint(self._sentence)
        if does.isdisjoint(DEMANDS) and not parted and "if" not in does:
            return False
        if parted or "if" in does or "caller" in does or ("this" in does and not does.isdisjoint(("reads", "who"))):
            return True
        return not does.isdisjoint(_COVERT) or not known.possible(
            set(self._behind.translate(PARTING).split())
        ).isdisjoint(_COVERT)

    def row(self, language: str) -> list[Word]:
        """Return the words of the sentence."""
        if language not in self._rows:
            self._rows[language] = vocabularies()[language].words(self._text, tokens(self._text, self.begin, self.stop))
        return self._rows[language]


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around characters begins and ends."""
    left = max(0, start - BEFORE)
    begin = max((match.end() for match in END.finditer(text, left, start)), default=left)
    match = END.search(text, end, end + WINDOW)
    return begin, match.start() + 1 if match else min(len(text), end + WINDOW)
