"""What changed between two contexts: added, dropped, changed, moved, cut, or replaced.

Equal texts are matched first, by content; what is left is matched by the document's id, by containment
(a cut), and by shared words. The work is linear in the text, with a bounded number of comparisons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

from ctxdebug.model import Kind, Segment, Snapshot
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

_WORD = lazy(r"\w{4,}")
_CUT_MARK = lazy(r"(?:\.{3}|…)?\s?(?:[\[(<][^\[\](){}<>\n]{0,80}[\])>])?$")
_TAIL = 100
"""Characters at the end of a text in which the mark of a cut stands."""
_SHORTEST_REST = 40
"""Characters. Less of a text is not told from a text that begins like it."""
_ALIKE = 0.5
"""Share of common words from which two texts count as one text that was changed."""
_MOST_CANDIDATES = 12


class Change(StrEnum):
    """What happened to a segment on the way from one context to the other."""

    SAME = "same"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    MOVED = "moved"
    CUT = "cut"


@record(frozen=True, slots=True)
class Difference:
    """One segment's fate. `at` is the first differing character of a changed or cut text."""

    change: Change
    before: Segment | None
    after: Segment | None
    at: int = 0

    @property
    def segment(self) -> Segment:
        """The segment that there is, the later one where there are two."""
        found = self.after or self.before
        assert found is not None
        return found


def normalised(text: str) -> str:
    """Return a text with its white space folded."""
    return " ".join(text.split())


@by_text
def folded(text: str) -> int:
    """Return a hash of a text, the same however its white space runs."""
    return hash(normalised(text))


def compare(before: Sequence[Segment], after: Sequence[Segment]) -> list[Difference]:
    """Every difference, in the order of `after`, with what was dropped where it used to stand."""
    pairs = _equal(before, after)
    left = [index for index in range(len(before)) if index not in pairs]
    right = set(range(len(after))) - set(pairs.values())
    kept = _in_order(pairs)
    found: dict[int, Difference] = {}
    for old, new in pairs.items():
        change = Change.SAME if old in kept else Change.MOVED
        found[new] = Difference(change, before[old], after[new])
    dropped: dict[int, Difference] = {}
    for old, new, difference in _alike(before, after, left, right):
        found[new] = difference
        left.remove(old)
    for old in left:
        dropped[old] = Difference(Change.DROPPED, before[old], None)
    for new in range(len(after)):
        found.setdefault(new, Difference(Change.ADDED, None, after[new]))
    return _merged(found, dropped, {id(before[old]): old for old in range(len(before))})


def _equal(before: Sequence[Segment], after: Sequence[Segment]) -> dict[int, int]:
    waiting: dict[tuple[int, Kind], list[int]] = defaultdict(list)
    for index, segment in enumerate(after):
        waiting[folded(segment.text), segment.kind].append(index)
    pairs: dict[int, int] = {}
    for index, segment in enumerate(before):
        same = waiting.get((folded(segment.text), segment.kind))
        if same:
            pairs[index] = same.pop(0)
    return pairs


def _in_order(pairs: dict[int, int]) -> set[int]:
    """Return the old indexes of a longest run of pairs that keep their order; the others moved."""
    from bisect import bisect_left

    tails: list[int] = []
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for old, new in pairs.items():
        at = bisect_left(tails, new)
        previous[old] = ends[at - 1] if at else None
        if at == len(tails):
            tails.append(new)
            ends.append(old)
        else:
            tails[at], ends[at] = new, old
    kept: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = previous[step]
    return kept


def _alike(
    before: Sequence[Segment], after: Sequence[Segment], left: Iterable[int], right: set[int]
) -> list[tuple[int, int, Difference]]:
    index: dict[str, list[int]] = defaultdict(list)
    words = {new: set(_WORD.findall(after[new].text.lower())) for new in right}
    for new, found in words.items():
        for word in found:
            index[word].append(new)
    matched: list[tuple[int, int, Difference]] = []
    free = set(right)
    for old in left:
        own = set(_WORD.findall(before[old].text.lower()))
        votes: dict[int, int] = defaultdict(int)
        for word in own:
            holders = index.get(word, ())
            if len(holders) <= 64:
                for new in holders:
                    votes[new] += 1
        best = sorted((new for new in votes if new in free), key=lambda new: -votes[new])[:_MOST_CANDIDATES]
        for new in best:
            difference = _difference(before[old], after[new], len(own & words[new]), len(own | words[new]))
            if difference is not None:
                matched.append((old, new, difference))
                free.discard(new)
                break
    return matched


def _difference(before: Segment, after: Segment, common: int, union: int) -> Difference | None:
    if before.kind is not after.kind or before.role is not after.role:
        return None
    old, new = before.text.strip(), after.text.strip()
    same_name = bool(
        before.document and after.document and before.document.id and before.document.id == after.document.id
    )
    if len(new) < len(old) and _rest_of(new, old):
        return Difference(Change.CUT, before, after, _first_difference(before.text, after.text))
    if same_name or common >= _ALIKE * max(1, union):
        return Difference(Change.CHANGED, before, after, _first_difference(before.text, after.text))
    return None


def _rest_of(new: str, old: str) -> bool:
    """Whether a text is the beginning or the end of another, a mark of the cut aside."""
    left = new[:-_TAIL] + _CUT_MARK.sub("", new[-_TAIL:]).rstrip()
    return len(left) >= _SHORTEST_REST and (old.startswith(left) or old.endswith(left))


def _first_difference(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _merged(found: dict[int, Difference], dropped: dict[int, Difference], places: dict[int, int]) -> list[Difference]:
    """Return the later context in its order, with every dropped segment after the one that it used to follow."""
    result: list[Difference] = []
    waiting = sorted(dropped)
    for new in sorted(found):
        difference = found[new]
        if difference.before is not None and difference.change is not Change.MOVED:
            old = places[id(difference.before)]
            while waiting and waiting[0] < old:
                result.append(dropped[waiting.pop(0)])
        result.append(difference)
    return result + [dropped[old] for old in waiting]


@record(frozen=True, slots=True)
class Contrast:
    """Two contexts side by side: their segments, tools and parameters."""

    segments: tuple[Difference, ...]
    tools_added: tuple[str, ...]
    tools_dropped: tuple[str, ...]
    tools_changed: tuple[str, ...]
    tools_reordered: bool
    parameters: tuple[tuple[str, object, object], ...]
    """(name, before, after), None where it is not set."""

    def of(self, *changes: Change) -> list[Difference]:
        """Return the differences of some kinds."""
        return [difference for difference in self.segments if difference.change in changes]

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        tools = self.tools_added or self.tools_dropped or self.tools_changed or self.tools_reordered
        return not (tools or self.parameters) and all(item.change is Change.SAME for item in self.segments)


def contrast(before: Snapshot, after: Snapshot) -> Contrast:
    """Everything that differs between two contexts."""
    old = {tool.name: tool for tool in before.tools}
    new = {tool.name: tool for tool in after.tools}
    names = sorted(before.parameters.keys() | after.parameters.keys())
    changed = [(name, before.parameters.get(name), after.parameters.get(name)) for name in names]
    common_before = [name for name in old if name in new]
    return Contrast(
        tuple(compare(list(before.segments()), list(after.segments()))),
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name in old and new[name].text != old[name].text),
        common_before != [name for name in new if name in old],
        tuple(item for item in changed if item[1] != item[2]),
    )
