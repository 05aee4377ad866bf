"""Records: dataclasses whose methods are made when they are first used, because a start pays for every one that it makes.

To the type checker `record` is `dataclasses.dataclass`. At run time it keeps the same promises (`replace`, `fields`,
`asdict`, pickling, equality, hashing), but compiles `__init__` once a class has many instances and makes the table of fields
at the first question for it: the standard decorator compiles six functions a class, a quarter of the time of a small check.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import dataclasses
    from dataclasses import dataclass as record
    from dataclasses import field, replace
else:

    def field(**described: Any) -> Any:
        """Describe a field, as `dataclasses.field` does."""
        if described.keys() == {"default_factory"}:
            return _Made(described["default_factory"])
        return _dataclasses().field(**described)

    def replace(one: Any, /, **changed: Any) -> Any:
        """Return a copy with other values of some fields, as `dataclasses.replace` does."""
        kind = type(one)
        declared = next((base.__dict__ for base in kind.__mro__ if "__dataclass_fields__" in base.__dict__), {})
        if "__record__" not in declared:
            return _dataclasses().replace(one, **changed)
        for name in declared["__match_args__"]:
            if name not in changed:
                changed[name] = getattr(one, name)
        return kind(**changed)

    def record(kind: type | None = None, /, **options: bool) -> Any:
        """Make a class a record; the options are `frozen`, `slots`, `eq` and `repr` of `dataclasses.dataclass`."""
        return _recorded(kind, options) if kind is not None else lambda decorated: _recorded(decorated, options)


__all__ = ["field", "record", "replace"]

Parts: TypeAlias = "dict[str, tuple[Any, Any]]"
"""Name → (annotation, default or `_Made` or none) of the fields of a class, in their order."""


class _Made:
    """The default of a field that is made for each instance."""

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


class _None:
    """No default."""


_NONE = _None()
_UNUSUAL = ("ClassVar", "InitVar", "KW_ONLY")
"""Annotations that are left to the standard decorator, as other options are."""
_OPTIONS = {"frozen", "slots", "eq", "repr"}


def _recorded(kind: type, options: Mapping[str, bool]) -> type:
    frozen, slots = options.get("frozen", False), options.get("slots", False)
    own = _own_parts(kind)
    bases = [base.__dict__ for base in kind.__mro__[-2:0:-1]]
    standard = any("__dataclass_fields__" in base and "__record__" not in base for base in bases)
    if own is None or standard or not options.keys() <= _OPTIONS:
        for name, default in [*kind.__dict__.items()]:
            if isinstance(default, _Made):
                setattr(kind, name, _dataclasses().field(default_factory=default.factory))
        made: type = _dataclasses().dataclass(**options)(kind)
        return made
    parts: Parts = {}
    for base in bases:
        parts.update(base.get("__record__", {}))
    parts.update(own)
    names = tuple(parts)
    space: dict[str, Any] = {
        "__record__": parts,
        "__dataclass_fields__": _Fields(),
        "__match_args__": names,
        **(_comparison(kind, names, frozen=frozen) if options.get("eq", True) else {}),
    }
    if options.get("repr", True):
        space["__repr__"] = _shown(names)
    if frozen:
        space |= _frozen(frozenset(names))
        if slots:
            space |= {"__getstate__": _state(names), "__setstate__": _set_state(names)}
    space = {name: what for name, what in space.items() if name == "__hash__" or name not in kind.__dict__}
    kind = _slotted(kind, own, space) if slots else _extended(kind, own, space)
    if "__init__" not in kind.__dict__:
        kind.__init__ = _first(kind, parts, frozen=frozen, slots=slots)  # type: ignore[misc]  # as the decorator does
    return kind


def _dataclasses() -> Any:
    """Return the standard module, which is loaded for what this one leaves to it."""
    import dataclasses

    return dataclasses


def _own_parts(kind: type) -> Parts | None:
    """Return the fields that a class itself declares; None where it asks for more than this module does."""
    parts: Parts = {}
    for name, annotation in kind.__annotations__.items():
        default = kind.__dict__.get(name, _NONE)
        if not isinstance(annotation, str) or any(word in annotation for word in _UNUSUAL):
            return None
        described = getattr(sys.modules.get("dataclasses"), "Field", _None)
        if isinstance(default, described) and default is not _NONE:
            standard: Any = default
            missing = _dataclasses().MISSING
            usual = standard.init and standard.repr and standard.compare and standard.hash is None
            if not usual or standard.kw_only is not missing:
                return None
            if standard.default_factory is not missing:
                default = _Made(standard.default_factory)
            else:
                default = _NONE if standard.default is missing else standard.default
        elif type(default).__hash__ is None:
            raise ValueError(f"the default of {name} can change: give field(default_factory=…)")
        parts[name] = annotation, default
    return parts


class _Fields:
    """`__dataclass_fields__`: made by the standard decorator, from a class of the same fields, when it is asked for."""

    def __get__(self, _: object, asked: type) -> dict[str, dataclasses.Field[Any]]:
        kind: Any = next(one for one in asked.__mro__ if one.__dict__.get("__dataclass_fields__") is self)
        standard = _dataclasses()
        told: list[tuple[Any, ...]] = []
        for name, (annotation, default) in kind.__record__.items():
            if isinstance(default, _Made):
                default = standard.field(default_factory=default.factory)
            told.append((name, annotation) if default is _NONE else (name, annotation, default))
        plain: Any = standard.make_dataclass(kind.__name__, told, eq=False, repr=False)
        made: dict[str, dataclasses.Field[Any]] = plain.__dataclass_fields__
        kind.__dataclass_fields__ = made
        return made


def _slotted(kind: type, own: Parts, space: dict[str, Any]) -> type:
    """Return the class again, with a slot for each field: slots cannot be given to a class that is there."""
    taken = {slot for base in kind.__mro__[1:-1] for slot in base.__dict__.get("__slots__", ())}
    dropped = {*own, "__dict__", "__weakref__"}
    kept = {name: what for name, what in kind.__dict__.items() if name not in dropped}
    kept |= {**space, "__slots__": tuple(name for name in own if name not in taken), "__qualname__": kind.__qualname__}
    return type(kind)(kind.__name__, kind.__bases__, kept)


def _extended(kind: type, own: Parts, space: dict[str, Any]) -> type:
    for name, (_, default) in own.items():
        if default is _NONE or isinstance(default, _Made):
            if name in kind.__dict__:
                delattr(kind, name)
        else:
            setattr(kind, name, default)
    for name, what in space.items():
        setattr(kind, name, what)
    return kind


_FEW = 40
"""Instances that are cheaper to make field by field than the compiling of a method for them."""


def _first(kind: type, parts: Parts, *, frozen: bool, slots: bool) -> Callable[..., None]:
    """Return an `__init__` that sets field by field, and puts a compiled one in its place where a class has many instances."""
    names = tuple(parts)
    needed = frozenset(name for name, (_, default) in parts.items() if default is _NONE)
    rest = tuple((name, default) for name, (_, default) in parts.items() if default is not _NONE)
    put: Callable[[object, str, Any], None] = object.__setattr__ if frozen else setattr
    after = hasattr(kind, "__post_init__")
    made = 0

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 - it is one
        nonlocal made
        made += 1
        told = dict(zip(names, given))  # noqa: B905 - too many are an error, which the compiled one raises
        known = len(given) + len(named)
        told.update(named)
        if made > _FEW or len(told) < known or not needed <= told.keys() <= parts.keys():
            compiled = _initializer(kind, parts, frozen=frozen, slots=slots)
            kind.__init__ = compiled  # type: ignore[misc]  # for every instance after this one
            compiled(self, *given, **named)
            return
        for name, default in rest:
            if name not in told:
                told[name] = default.factory() if isinstance(default, _Made) else default
        for name in names:
            put(self, name, told[name])
        if after:
            self.__post_init__()

    return __init__


def _initializer(kind: type, parts: Parts, *, frozen: bool, slots: bool) -> Callable[..., None]:
    known: dict[str, Any] = {"_none": _NONE, "_set": object.__setattr__}
    taken, lines = ["self"], []
    for name, (_, default) in parts.items():
        value = name
        if isinstance(default, _Made):
            known[f"_make_{name}"] = default.factory
            taken.append(f"{name}=_none")
            value = f"_make_{name}() if {name} is _none else {name}"
        else:
            known[f"_default_{name}"] = default
            taken.append(name if default is _NONE else f"{name}=_default_{name}")
        if frozen and slots:
            known[f"_set_{name}"] = getattr(kind, name).__set__
            lines.append(f"_set_{name}(self, {value})")
        else:
            lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    text = f"def __init__({', '.join(taken)}):\n " + "\n ".join(lines or ["pass"])
    exec(text, known)  # noqa: S102 - names of our own fields, as the standard decorator does it
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda one: (getattr(one, names[0]),)) if names else lambda _: ()


def _comparison(kind: type, names: tuple[str, ...], *, frozen: bool) -> dict[str, Any]:
    values = _values(names)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - it is one
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 - it is one
        return hash(values(self))

    if kind.__dict__.get("__hash__") is not None or (
        frozen and "__hash__" in kind.__dict__ and "__eq__" not in kind.__dict__
    ):
        return {"__eq__": __eq__}
    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _shown(names: tuple[str, ...]) -> Callable[[Any], str]:
    @recursive_repr()
    def __repr__(self: object) -> str:  # noqa: N807 - it is one
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _frozen(names: frozenset[str]) -> dict[str, Any]:
    def __setattr__(self: object, name: str, value: object) -> None:  # noqa: N807 - it is one
        if name in names or "__record__" in type(self).__dict__:
            raise _dataclasses().FrozenInstanceError(f"cannot assign to field {name!r}")
        object.__setattr__(self, name, value)

    def __delattr__(self: object, name: str) -> None:  # noqa: N807 - it is one
        if name in names or "__record__" in type(self).__dict__:
            raise _dataclasses().FrozenInstanceError(f"cannot delete field {name!r}")
        object.__delattr__(self, name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _state(names: tuple[str, ...]) -> Callable[[Any], list[Any]]:
    return lambda self: [getattr(self, name) for name in names]


def _set_state(names: tuple[str, ...]) -> Callable[[Any, list[Any]], None]:
    def restore(self: object, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return restore
