"""A record keeps the promises of a dataclass, whose methods it makes later."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from functools import cached_property

import pytest

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Place:
    """A frozen one with slots."""

    path: str
    line: int = 1


@record(frozen=True, slots=True)
class Named(Place):
    """One that adds to another."""

    name: str = ""


@record(slots=True)
class Tally:
    """One that changes."""

    counts: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


@record(frozen=True)
class Text:
    """One with a fact of its own."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return self.text.split()


@record
class Checked:
    """One that looks at what it was given."""

    most: int

    def __post_init__(self) -> None:
        if self.most < 0:
            raise ValueError("below zero")


@record
class Keyed:
    """One with a field by name only, which the standard decorator makes."""

    known: int | None = field(default=None, kw_only=True)


@record
class After(Keyed):
    """One on top of it."""

    number: int


@record(eq=False)
class Itself:
    """One that is equal to itself only."""

    name: str


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (Place("a"), "Place(path='a', line=1)"),
        (Place("a", line=2), "Place(path='a', line=2)"),
        (Named("a", 2, "b"), "Named(path='a', line=2, name='b')"),
        (Tally(), "Tally(counts={}, names=[])"),
        (Text("a b"), "Text(text='a b')"),
    ],
)
def test_a_record_shows_its_fields(made: object, shown: str) -> None:
    assert repr(made) == shown


def test_records_of_one_class_and_equal_fields_are_equal_and_have_one_hash() -> None:
    assert Place("a") == Place("a", 1)
    assert Place("a") != Place("b")
    assert hash(Place("a")) == hash(("a", 1))
    assert hash(Text("a")) == hash(("a",))
    assert Named("a") != Place("a")
    assert Itself("a") != Itself("a")


def test_a_record_that_can_change_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Tally())


def test_what_a_field_begins_with_is_made_for_each() -> None:
    one, other = Tally(), Tally()
    one.names.append("a")
    assert other.names == []


@pytest.mark.parametrize("made", [Place("a"), Named("a"), Text("a b")])
def test_a_frozen_record_refuses_assignment(made: Place | Text) -> None:
    name = fields(made)[0].name
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(made, name, "b")
    with pytest.raises(FrozenInstanceError, match=name):
        delattr(made, name)


def test_a_frozen_record_without_slots_keeps_facts_of_its_own() -> None:
    made = Text("a b")
    assert made.words is made.words
    assert made.words == ["a", "b"]


def test_a_record_is_asked_like_a_dataclass() -> None:
    assert is_dataclass(Place)
    assert [one.name for one in fields(Named)] == ["path", "line", "name"]
    assert replace(Named("a"), name="b") == Named("a", 1, "b")
    assert asdict(Named("a")) == {"path": "a", "line": 1, "name": ""}
    match Place("a", 2):
        case Place(path, line):
            assert (path, line) == ("a", 2)


@pytest.mark.parametrize("made", [Place("a", 3), Named("a", 3, "b"), Tally({"a": 1}), Text("a")])
def test_a_record_goes_to_another_process(made: object) -> None:
    assert pickle.loads(pickle.dumps(made)) == made


def test_what_is_left_to_the_standard_decorator_holds_for_what_stands_on_it() -> None:
    assert After(2).number == 2
    assert After(2, known=1).known == 1


def test_what_a_record_checks_is_checked() -> None:
    assert Checked(1).most == 1
    with pytest.raises(ValueError, match="below zero"):
        Checked(-1)


def test_arguments_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'path'"):
        Place()  # type: ignore[call-arg]  # that is what is tested
    with pytest.raises(TypeError, match="unexpected keyword argument 'column'"):
        Place("a", column=1)  # type: ignore[call-arg]  # that is what is tested


def test_slots_leave_no_room_for_more() -> None:
    assert not hasattr(Place("a"), "__dict__")
    with pytest.raises(AttributeError):
        Tally().other = 1  # type: ignore[attr-defined]  # that is what is tested
