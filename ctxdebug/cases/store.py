"""Cases as files: `<folder>/<id>.yaml`, long texts in `<folder>/blobs/`, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.blobs import Blobs, file_name, reader, unpacked
from ctxdebug.cases.case import Answer, Blob, Case, Recorded, case_content, case_from
from ctxdebug.cases.yaml_form import yaml_text
from ctxdebug.decoding.safe_yaml import parse_yaml
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.files import opened_regular, read_regular, write_whole
from ctxdebug.model import ToolCall
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

FOLDER = Path("fixtures/cases")
SUFFIX = ".yaml"
EDITOR_LINE = "# yaml-language-server: $schema=schema.json\n"


@record(frozen=True, slots=True)
class StoredCase:
    """A case with the way to its long texts."""

    case: Case
    path: Path
    read: Callable[[str], str]

    def text(self, text: str | Blob) -> str:
        """Return a text of the case itself."""
        return self.read(text.blob) if isinstance(text, Blob) else text

    def body(self) -> dict[str, Any]:
        """Return the request exactly as it was sent, but for what was redacted."""
        body: dict[str, Any] = unpacked(self.case.request.body, self.read)
        return body

    def response(self) -> dict[str, Any] | None:
        """Return the recorded response, where the capture held one."""
        response: dict[str, Any] | None = unpacked(self.case.recorded.response, self.read)
        return response

    def answer(self, of: Recorded | Answer) -> tuple[str, tuple[ToolCall, ...]]:
        """Return the words and the tool calls of an answer that the case holds."""
        calls = tuple(_call(call.name, self.text(call.arguments)) for call in of.calls)
        return self.text(of.answer), calls


def _call(name: str, arguments: str) -> ToolCall:
    try:
        return ToolCall(None, name, arguments, json.loads(arguments))
    except (ValueError, RecursionError) as error:
        return ToolCall(None, name, arguments, error=str(error))


def load_case(path: Path) -> StoredCase:
    """Read one case and prove the hashes of its texts; raises `LoadError` naming the file."""
    try:
        data = _bytes(path)
        case = case_from(parse_yaml(data))
        _check_format(case)
        stored = StoredCase(case, path, reader(path.parent / "blobs"))
        for reference in references(case_content(case)):
            stored.read(reference)
        _check_name(case, path)
    except LoadError as error:
        raise LoadError(f"{path}: {error.message}", error.pointer) from None
    return stored


def _check_format(case: Case) -> None:
    from difflib import get_close_matches

    from ctxdebug.wire import WIRE_FORMATS

    known = WIRE_FORMATS.all()
    if case.request.format not in known:
        near = get_close_matches(case.request.format, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "`ctxdebug formats` lists them"
        raise LoadError(f"request.format: unknown wire format {case.request.format[:60]!r}; {hint}")


def _check_name(case: Case, path: Path) -> None:
    if f"{case.id}{SUFFIX}" != path.name:
        raise LoadError(f"the id is {case.id!r}, so the file should be named {case.id}{SUFFIX}")


def find_cases(paths: Iterable[Path]) -> list[Path]:
    """Return the case files under files and folders, sorted; a path that does not exist is an error."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found.update(path.rglob(f"*{SUFFIX}"))
        elif path.exists():
            found.add(path)
        else:
            raise UsageError(f"{path} does not exist")
    return sorted(found)


def references(value: Any) -> Iterator[str]:
    """Yield every reference to a long text in the content of a case."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("blob", "$blob", "$json") and isinstance(item, str) and item.startswith("sha256:"):
                yield item
            else:
                yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def case_text(case: Case) -> str:
    """Return the file's content: the editor's line, then the keys in their fixed order."""
    return EDITOR_LINE + yaml_text(case_content(case))


def save_case(case: Case, blobs: Blobs, folder: Path, replace: bool = False) -> Path:
    """Write a case and its texts; refuses to overwrite unless told, and to write a secret ever."""
    text = case_text(case)
    _refuse_secrets(text, blobs.texts)
    _prove_loading(text)
    path = folder / f"{case.id}{SUFFIX}"
    if path.exists() and not replace and read_regular(path) != text:
        raise UsageError(f"{path} exists and is another case; give --id, or --force to replace it")
    needed = set(references(case_content(case)))
    for reference, data in blobs.texts.items():
        if reference in needed:
            write_whole(folder / "blobs" / file_name(reference), data, folders=True, within=folder)
    if needed:
        write_whole(folder / "blobs" / ".gitattributes", b"* -text\n", folders=True, within=folder)
    write_whole(folder / "schema.json", schema_text().encode(), folders=True)
    write_whole(path, text.encode(), folders=True)
    return path


def _prove_loading(text: str) -> None:
    """Refuse a text that would not load as a case again."""
    try:
        case_from(parse_yaml(text.encode()))
    except LoadError as error:
        raise UsageError(f"nothing was written: the case would not load again: {error.message}") from None


def schema_text() -> str:
    """Return the JSON Schema that the package ships; it is emitted from the structures, and a test keeps it current."""
    return (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")


def _refuse_secrets(text: str, texts: Mapping[str, bytes]) -> None:
    from ctxdebug.redaction.redactor import remaining

    kinds = remaining([text, *(data.decode("utf-8", "surrogatepass") for data in texts.values())])
    if kinds:
        raise UsageError(f"nothing was written: the case still contains {', '.join(kinds)} after redaction")


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise LoadError("not a file")
        with opened_regular(path) as stream:
            return stream.read(5_000_001) or b""
    except OSError as error:
        raise LoadError(f"cannot be read: {error.strerror}") from None
