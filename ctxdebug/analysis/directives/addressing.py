"""Whom a sentence speaks to and what it demands: a text that gives orders to whichever machine reads it, told by its grammar.

No sentence is known here. A reader is a noun that names a machine, in a role: it is called ("note for the bot …:"), it is
described as whoever reads this very text, or it is the subject of what must be done. A demand is a verb that only a tool
can do or that shapes an answer, and that the reader is the subject of. Further marks make it heavier: an address, a secret,
secrecy, a claimed approval. Only the sum says that somebody gives orders to a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ctxdebug.analysis.directives.readers import NAMES, Reader, is_machine, is_person, reader_at
from ctxdebug.analysis.directives.stretches import DEMANDS, END, PARTING, WINDOW, Stretch, sentence
from ctxdebug.analysis.directives.vocabulary import Word, names, tokens, vocabularies
from ctxdebug.analysis.directives.words import ByChunk
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy

_SENTENCES = 3
"""Sentences of a window."""
_AROUND = 240
"""Characters to either side that tell the language."""
_OBJECT = lazy(
    r"https?://|www\.|[\w.+-]+@[\w-]+\.\w|\b[\w-]{2,}\.(?:example|com|net|org|io|dev|info|[a-z]{2})/\w|~/|(?<![\w/])/(?:etc|home|var|data)/"
    r"|\.env\b|\$[A-Z_]{3,}|\| ?sh\b|`[^`\n]{6,}`|\b[a-z]{3,}_[a-z_]{3,}\b|\b[A-Z]{2}\d\d[ \d]{10,}|\b\d(?:[ -]?\d){9,}"
)
"""What an order can act on: an address, a path, a command, a tool, an account."""
_PRIVATE = lazy(r"\| ?(?:ba)?sh\b|~/\.|/etc/|\.env\b|\$[A-Z_]{3,}|\benv \||id_rsa|os\.environ")
"""What nobody gives away, and commands that run whatever they get."""
_BARS = {(3, True): 6, (2, True): 7, (2, False): 7, (1, True): 7, (1, False): 9, (4, True): 6}
"""The sum from which it is an order, by how surely a reader is spoken to, and whether it is surely a machine."""
_TRIED = 12
"""Names of a sentence that are tried; a sentence that has more is none."""
_FIRST = 7
"""Words behind the reader up to which its first verb is its own."""
_DETERMINERS = frozenset(
    "the a an this that these those your its his her their no of my our each every per in on by with".split()
)
_CALLED = frozenset("tool function model api method".split())
"""What is named by the word before it: "a tool call"."""
_JOINS = frozenset(
    "and or then also please first only always now kindly just simply never instead further but either both".split()
)
_OTHERS = frozenset("you we they he she i who which that".split())


class Order(NamedTuple):
    """An order to a machine: its language, the reader's name and description, and the words that demand something."""

    language: str
    start: int
    end: int
    demands: tuple[tuple[int, int, str], ...]
    """Characters, and the label of the phrases that say the same."""
    told: bool = True
    """The reader is described as whoever reads this, or called; not only spoken of."""


def orders(text: str) -> Iterator[Order]:
    """Yield the orders to machines in a text, in order of place."""
    lowered = text.lower().replace("\\n", "  ")
    if len(lowered) != len(text):
        return
    behind = 0
    stretch: Stretch | None = None
    tried = 0
    for start, end, candidates in sorted(_named(lowered)):
        if start < behind:
            continue
        if stretch is None or start >= stretch.stop:
            stretch, tried = Stretch(text, lowered, start, end), 0
        tried += 1
        if tried > _TRIED:
            continue
        for language in candidates:
            if not stretch.may_order(language):
                continue
            order = _order_near(text, language, start, end, stretch)
            if order is not None and language in _told(text, start):
                behind = max(end for _, end, _ in order.demands)
                yield order
                break


def _named(lowered: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the characters at which a machine may be named, and the languages in which it would be."""
    for word in set(lowered.translate(PARTING).split()):
        if languages_ := _BY_WORD[word]:
            at = lowered.find(word)
            while at >= 0:
                end = at + len(word)
                if not lowered[at - 1 : at].isalnum() and not lowered[end : end + 1].isalnum():
                    yield at, end, languages_
                at = lowered.find(word, end)
    if not lowered.isascii():
        for name, language in names().unspaced:
            at = lowered.find(name)
            while at >= 0:
                yield at, at + len(name), (language,)
                at = lowered.find(name, at + len(name))


_BY_WORD: ByChunk[tuple[str, ...]] = ByChunk(lambda word: tuple(sorted(names().languages(word))))


def _told(text: str, at: int) -> tuple[str, ...]:
    """Return the languages that the words around a place are in."""
    return languages(text[max(0, at - _AROUND) : at + _AROUND]) or languages(text) or ("en",)


def _order_near(text: str, language: str, start: int, end: int, stretch: Stretch) -> Order | None:
    """Return the order whose reader is named in characters `start` to `end`, if there is one."""
    known = vocabularies()[language]
    begin, stop, head = stretch.begin, stretch.stop, stretch.row(language)
    here = (at for at, word in enumerate(head) if word.start < end and start < word.end)
    at = next((at for at in here if not head[at].does.isdisjoint(NAMES)), None)
    reader = reader_at(text, head, at) if at is not None else None
    if reader is None:
        return None
    if not (reader.asked or reader.called) and not any(
        _demands(head, place, reader, language) for place in _outside(head, len(head), reader)
    ):
        return None
    last = _last(text, stop, end, across=head[-1].text in (":", "：") or text[stop - 1 : stop] == ":")
    row = [*head, *known.words(text, tokens(text, stop, last))]
    demands = [place for place in _outside(row, len(head), reader) if _demands(row, place, reader, language)]
    if not demands or not _own(row, demands[0], reader, len(head), language):
        return None
    weight = reader.sure + 2 + (len({row[place].text for place in demands}) > 1) + reader.whichever
    until = max(len(head), max(demands) + 8)
    burden = _burden(text[begin:last], row[:until], demands)
    if weight + burden.weight < _BARS[reader.sure, reader.machine] - (reader.called and reader.sure == 1):
        return None
    if reader.sure == 1 or not (reader.machine or reader.called):
        dictated = burden.narrowed and burden.answer and reader.sure > 1 and reader.thing
        if not (burden.covert or dictated):
            return None
    elif not (burden.directs or reader.called or reader.asked or reader.whichever):  # it says what such machines do
        return None
    marks = tuple(
        (row[place].start, row[place].end, "hush" if "hush" in row[place].does else "deed") for place in demands[:6]
    )
    return Order(language, row[reader.left].start, row[reader.right].end, marks, reader.sure > 1)


def is_asked(text: str, language: str, start: int, end: int) -> bool:
    """Whether words that may speak to a machine speak to no person, and something is demanded in them or behind them."""
    known = vocabularies().get(language)
    if known is None:
        return True
    begin, stop = sentence(text, start, end)
    row = known.words(text, tokens(text, begin, _last(text, stop, end, across=True)))
    first = next((at for at, word in enumerate(row) if word.end > start), 0)
    named = max(first, sum(word.end <= end for word in row) - 1)
    machine = any(is_machine(row, at) for at in range(first, named + 1) if not row[at].does.isdisjoint(NAMES))
    if is_person(row, named if machine else first, named, machine):
        return False
    behind = frozenset[str]().union(*(word.does for word in row[first:]))
    if not behind.isdisjoint(_MARKING):
        return True
    return "lawful" not in behind and (
        machine or any(is_demand(row, at, named, language) for at in range(first + 1, len(row)))
    )


def is_demand(row: list[Word], at: int, named: int, language: str) -> bool:
    """Whether a word demands something of whoever is named at an earlier one."""
    return _demands(row, at, Reader(0, named, 1, machine=True, called=True, asked=True, before=False), language)


_MARKING = frozenset({"only", "hush", "settled", "lasting", "omit"})


def _outside(row: list[Word], sentence: int, reader: Reader) -> Iterator[int]:
    """Yield the places of the words that are not the reader's name and description; those behind it first."""
    yield from range(reader.right + 1, len(row))
    if reader.before:
        yield from range(min(reader.left, sentence))


def _own(row: list[Word], at: int, reader: Reader, sentence: int, language: str) -> bool:
    """Whether the first demand is one on the reader, and not what somebody else does."""
    if at < reader.left or reader.called:
        return True
    if at >= sentence and not reader.asked:
        return False
    if language != "en":
        return True
    between = row[reader.right + 1 : at]
    if any(word.text in _OTHERS for word in between):
        return any("bind" in word.does for word in between[-3:])
    return len(between) <= _FIRST or any("bind" in word.does for word in between[-3:])


def _last(text: str, stop: int, end: int, *, across: bool) -> int:
    """Return where the last sentence of the orders ends: on the same line, or on the next where a colon announces them."""
    limit = min(len(text), end + WINDOW)
    for count, match in enumerate(END.finditer(text, stop, limit)):
        line = text[match.start()] in "\n\\"
        if count + 2 >= _SENTENCES or (line and not across) or (line and count):
            return match.start() + 1
    return max(stop, limit)


def _demands(row: list[Word], at: int, reader: Reader, language: str) -> bool:
    """Whether a word demands something there."""
    word = row[at]
    if word.does.isdisjoint(DEMANDS):
        return False
    if "omit" in word.does:
        return True
    before = row[max(0, at - 2) : at]
    if any("may" in one.does or "not" in one.does for one in before):
        return False
    return language != "en" or at == 0 or _verb_in_english(row, at, reader)


def _verb_in_english(row: list[Word], at: int, reader: Reader) -> bool:
    """Whether a word stands where a verb does whose subject is the one spoken to."""
    previous = row[at - 1]
    if previous.text in _DETERMINERS or previous.text in _CALLED:
        return False
    if previous.sign or "bind" in previous.does or previous.text in _JOINS or previous.text.endswith("ly"):
        return True
    if previous.text == "to":
        return any("bind" in one.does for one in row[max(0, at - 4) : at])
    follows = reader.right < at <= reader.right + 5 and not any(one.sign for one in row[reader.right + 1 : at])
    return follows or "answer" in previous.does


def acts_on(stretch: str) -> bool:
    """Whether an address, a path, a command, a tool or an account is named."""
    return _OBJECT.search(stretch) is not None


class Burden(NamedTuple):
    """What else stands in an order."""

    weight: int
    covert: bool
    """It has what honest texts hardly have."""
    directs: bool
    """It says what is to be done, and not only what is done."""
    narrowed: bool
    answer: bool


def _burden(stretch: str, row: list[Word], demands: list[int]) -> Burden:
    does = frozenset[str]().union(*(word.does for word in row))
    if any("drop" in row[at].does for at in demands):
        does |= {"omit"}
    bound = any("bind" in row[place].does for at in demands for place in range(max(0, at - 3), at))
    thing, private = acts_on(stretch), _PRIVATE.search(stretch) is not None
    only = min(2, len({word.text for word in row if "only" in word.does}))
    one = sum(mark in does for mark in ("answer", "secret", "omit")) + only + bound + thing
    marks = sum(mark in does for mark in ("hush", "settled", "lasting")) + private
    covert = (
        marks > 0 or ("secret" in does and thing) or (only > 0 and ("omit" in does or (thing and "answer" in does)))
    )
    directs = bound or thing or only > 0 or marks > 0 or "omit" in does
    return Burden(one + 2 * marks - 3 * ("lawful" in does), covert, directs, only > 0, "answer" in does)
