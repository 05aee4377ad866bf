"""vLLM's `RequestOutput`: the prompt as text and token ids, and the outputs."""

from __future__ import annotations

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role, Unseen, UnseenKind, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.shape import items, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_text


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    outputs = sample(body.get("outputs"))
    return 35 if "prompt_token_ids" in body and outputs and all("text" in one for one in outputs) else 0


@wire_format("vllm", "vLLM's RequestOutput: `prompt`, `prompt_token_ids` and `outputs` of text, token_ids, finish_reason", _sniff,
             frozenset({"outputs"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read an output; its counts are those of the token ids, and a prompt that is only ids cannot be read."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(id=text_of(body.get("request_id")), model=text_of(body.get("model")))
    ids = items(body.get("prompt_token_ids"))
    if text_of(body.get("prompt")):
        message = DraftMessage(Role.USER, "prompt", (*at, "prompt"))
        message.text(body["prompt"], (*at, "prompt"))
        draft.messages.append(message)
    else:
        draft.unseen.append(Unseen(f"the prompt, {len(ids):,} token ids", (*at, "prompt_token_ids"), UnseenKind.IDS))
    outputs = objects(body.get("outputs"))
    for index, one in outputs[:1]:
        where = (*at, "outputs", index)
        message = DraftMessage(Role.ASSISTANT, "assistant", where)
        add_text(message, one.get("text"), (*where, "text"))
        draft.answer.append(message)
        draft.finish = logged_finish(one.get("finish_reason"), (*where, "finish_reason"))
        made = items(one.get("token_ids"))
        draft.usage = Usage(
            len(ids) or None, None, None, len(made) or None, None, mapping(None), (*at, "prompt_token_ids")
        )
    if len(outputs) > 1:
        draft.notes.append(f"{len(outputs) - 1} more outputs of the same prompt are not shown")
        draft.left_out.extend((*at, "outputs", index) for index, _ in outputs[1:])
    draft.has_request, draft.has_response = True, bool(draft.answer)
    return draft
