"""SAP's orchestration service: the prompt after its templates, and the model's own answer, of versions 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem, pointer_text

_RESULTS = (("intermediate_results", "final_result"), ("module_results", "orchestration_result"))
_REQUEST_KEYS = frozenset({"config", "orchestration_config"})


def _results(row: Mapping[str, Any]) -> tuple[str, str] | None:
    return next((keys for keys in _RESULTS if isinstance(row.get(keys[0]), dict) and keys[1] in row), None)


def _template(row: Mapping[str, Any]) -> tuple[list[Any], Pointer, Mapping[str, Any]] | None:
    """Return the messages that a request's template holds, where they are, and the model's settings."""
    config: Any = row.get("config") or row.get("orchestration_config")
    top = "config" if "config" in row else "orchestration_config"
    modules = config.get("modules") or config.get("module_configurations") if isinstance(config, dict) else None
    if not isinstance(modules, dict):
        return None
    inner = "modules" if "modules" in config else "module_configurations"
    for path, model in ((("prompt_templating", "prompt", "template"), ("prompt_templating", "model")),
                        (("templating_module_config", "template"), ("llm_module_config",))):  # fmt: skip
        listed = _at(modules, path)
        if isinstance(listed, list):
            held = _at(modules, model)
            return listed, (top, inner, *path), held if isinstance(held, dict) else {}
    return None


def _at(value: Any, path: Pointer) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _sniff(source: Source) -> Likeness:
    row = first_row(source, wrappers=())
    known = row is not None and (
        _results(row) is not None or (_REQUEST_KEYS & row.keys() and _template(row) is not None)
    )
    return Likeness.CERTAIN if known else Likeness.NO


@container("sap-orchestration", "SAP's orchestration: `intermediate_results` (or `module_results`) with templating and llm; a request's `config`",
           _sniff)  # fmt: skip
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a call; documents that grounding found are part of the prompt after its templates."""
    for found in rows(source, ()):
        if isinstance(found, Problem):
            yield found
            continue
        at, row = found
        keys = _results(row)
        if keys is not None:
            yield _answered(row, keys, at)
        elif (template := _template(row)) is not None:
            listed, where, model = template
            name = model.get("name") or model.get("model_name")
            tools = _at(row, (*where[:-1], "tools"))
            asked = {"messages": listed, "tools": tools} if isinstance(tools, list) else {"messages": listed}
            history = row.get("messages_history")
            note = "the template of a prompt, whose placeholders are filled on the server"
            yield Exchange(at, request=asked, request_at=(*at, *where[:-1]), format="openai.chat",
                           model=name if isinstance(name, str) else None, notes=(note,),
                           origins={(*at, *where[:-1], "messages"): (*at, *where)})  # fmt: skip
            if isinstance(history, list) and history:
                told = f"{len(history)} messages of `messages_history` are before the template and are not shown"
                yield Problem(source.path, told, pointer_text((*at, "messages_history")), fatal=False)


def _answered(row: Mapping[str, Any], keys: tuple[str, str], at: Pointer) -> Exchange:
    held = row[keys[0]]
    asked = held.get("templating")
    answer = held.get("llm") if isinstance(held.get("llm"), dict) else row.get(keys[1])
    where: Pointer = (*at, keys[0], "llm") if isinstance(held.get("llm"), dict) else (*at, keys[1])
    origins = {(*at, keys[0], "messages"): (*at, keys[0], "templating")} if isinstance(asked, list) else {}
    request = {"messages": asked} if isinstance(asked, list) else None
    return Exchange(at, request=request, request_at=(*at, keys[0]), response=answer, response_at=where, format="openai.chat",
                    origins=origins, labels={"request_id": row.get("request_id")})  # fmt: skip
