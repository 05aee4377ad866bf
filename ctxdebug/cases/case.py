"""A case as a file holds it, closed at every level; the JSON Schema is emitted from these structures."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec

from ctxdebug.cases.expectation import Expectation
from ctxdebug.errors import LoadError
from ctxdebug.text.patterns import lazy

_ID = r"^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9_-])?$"
_DEVICE = lazy(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_DIGEST = r"^sha256:[0-9a-f]{64}$"
_MESSAGE = lazy(r"(?P<problem>.*?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_UNKNOWN = lazy(r"Object contains unknown field `(?P<key>.*)`", re.DOTALL)
_STEP = lazy(r"\.(?P<key>[A-Za-z0-9_-]+)|\[(?P<item>[^\]]*)\]")

CaseId = Annotated[str, msgspec.Meta(pattern=_ID)]
Digest = Annotated[str, msgspec.Meta(pattern=_DIGEST)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Rate = Annotated[float, msgspec.Meta(gt=0, le=1)]


class _Closed(
    msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename="kebab", frozen=True, kw_only=True
):
    """A structure whose unknown keys are errors."""


class Blob(_Closed, frozen=True, kw_only=True):
    """A long text that stands in `blobs/`, by the hash of its bytes."""

    blob: Digest


Text = str | Blob


class Origin(_Closed, frozen=True, kw_only=True):
    """Where the case was frozen from: a file's name, never its folder, and a place in it."""

    capture: Line
    pointer: str = ""
    container: str = ""
    mutation: str = ""
    """The change that made this case from another (`ctxdebug mutate`)."""
    parent: str = ""
    """The case it was made from."""


class Quote(_Closed, frozen=True, kw_only=True):
    """Words that a finding stands on."""

    note: str
    text: Text = ""
    segment: str = ""


class Explanation(_Closed, frozen=True, kw_only=True):
    """A finding that explains the recorded answer."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}[0-9]{3}$")]
    message: str
    evidence: list[Quote] = []
    standalone: bool = True
    """False where the finding needs the earlier turns of the session, which a case does not hold."""


class FrozenRequest(_Closed, frozen=True, kw_only=True):
    """The request as it was sent. In `body`, `$blob` and `$json` name texts in `blobs/`."""

    format: Annotated[str, msgspec.Meta(pattern="^[a-z0-9_.-]+$")]
    exact: bool = True
    """False when the capture held only messages and the rest of the request is ours."""
    model: str = ""
    provider: str = ""
    body: dict[str, Any]


class Call(_Closed, frozen=True, kw_only=True):
    """A tool call of an answer."""

    name: str
    arguments: Text = "{}"


class Answer(_Closed, frozen=True, kw_only=True):
    """An answer that is known to be good or bad."""

    answer: Text = ""
    calls: list[Call] = []


class Recorded(_Closed, frozen=True, kw_only=True):
    """The answer that was captured, and whether it is a good one."""

    passed: bool
    model: str = ""
    answer: Text = ""
    calls: list[Call] = []
    response: dict[str, Any] | None = None
    """The response as it came, so that the detectors can look again."""


class Runs(_Closed, frozen=True, kw_only=True):
    """What live runs must prove: the rate of passes, at a confidence, in at most so many runs."""

    pass_rate: Rate = 0.9
    confidence: Annotated[float, msgspec.Meta(ge=0.5, lt=1)] = 0.95
    max: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 60


class Case(_Closed, frozen=True, kw_only=True):
    """A frozen eval case."""

    ctxdebug: Literal[1]
    id: CaseId
    title: Line
    tags: list[Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]] = []
    origin: Origin | None = None
    findings: list[Explanation] = []
    fallback: Literal["clarify", "retrieve", "escalate", "abstain", "none"] = "none"
    request: FrozenRequest
    recorded: Recorded
    good: Answer | None = None
    """An answer that must pass; the proof that the expectation can be met."""
    bad: Answer | None = None
    """An answer that must fail, where the recorded one is good."""
    expect: Expectation
    runs: Runs = Runs()

    def __post_init__(self) -> None:
        if _DEVICE.fullmatch(self.id):
            raise ValueError(f"the id {self.id!r} is a device name on Windows")


def case_from(data: Any) -> Case:
    """Check the content of a file and make a case of it; raises `LoadError` with the path and the nearest key."""
    try:
        return msgspec.convert(data, Case)
    except msgspec.ValidationError as error:
        raise LoadError(_explained(str(error))) from None


def case_content(case: Case) -> dict[str, Any]:
    """Return a case as JSON values, keys in the fixed order, without what is left at its default."""
    content: dict[str, Any] = msgspec.to_builtins(case)
    return {key: value for key, value in content.items() if value != {}}


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a case."""
    schema = msgspec.json.schema(Case)
    expectation = schema["$defs"]["Expectation"]
    expectation |= {"minProperties": 1, "maxProperties": 1}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ctxdebug case"} | schema


def _explained(message: str) -> str:
    match = _MESSAGE.fullmatch(message)
    assert match is not None
    path = match.group("path") or "$"
    where = path.removeprefix("$").lstrip(".") or "the case"
    unknown = _UNKNOWN.fullmatch(match.group("problem"))
    if unknown is None:
        return f"{where}: {match.group('problem')}"
    from difflib import get_close_matches

    key, known = unknown.group("key"), _known_keys(path)
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
    return f"{where}: unknown key {key[:60]!r}; {hint}"


def _known_keys(path: str) -> list[str]:
    """Return the keys that may stand at a path of msgspec's (`$.expect.all[0]`)."""
    import msgspec.inspect as inspect

    node: Any = inspect.type_info(Case)
    for step in _STEP.finditer(path):
        structure = _structure(node)
        if step.group("key") is not None and structure is not None:
            node = next((field.type for field in structure.fields if field.encode_name == step.group("key")), None)
        else:
            node = _inner(node)
    structure = _structure(node)
    return [field.encode_name for field in structure.fields] if structure is not None else []


def _alternatives(node: Any) -> list[Any]:
    return list(getattr(node, "types", [node]))


def _structure(node: Any) -> Any:
    return next((part for part in _alternatives(node) if hasattr(part, "fields")), None)


def _inner(node: Any) -> Any:
    for part in _alternatives(node):
        inner = getattr(part, "item_type", None) or getattr(part, "value_type", None)
        if inner is not None:
            return inner
    return None
