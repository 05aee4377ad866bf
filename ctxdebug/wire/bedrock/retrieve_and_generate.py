"""Bedrock's RetrieveAndGenerate: a question, and an answer with the passages of a knowledge base that it cites."""

from __future__ import annotations

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role, Unseen, UnseenKind
from ctxdebug.wire import wire_format
from ctxdebug.wire.bedrock.citations import read_attribution
from ctxdebug.wire.shape import mapping, request_of, response_of, text_of, url_has
from ctxdebug.wire.shapes.error_body import read_error
from ctxdebug.wire.shapes.returned_sources import ReturnedSources


def _sniff(exchange: Exchange) -> int:
    body, response = request_of(exchange), response_of(exchange)
    weight = 40 if "retrieveAndGenerateConfiguration" in body else 0
    weight += 20 if url_has(exchange, "/retrieveAndGenerate") else 0
    answered = isinstance(mapping(response.get("output")).get("text"), str) and isinstance(
        response.get("citations"), list
    )
    return weight + (20 if answered else 0)


@wire_format(
    "bedrock.retrieve_and_generate",
    "`retrieveAndGenerateConfiguration` with `input.text`; `output.text` with `citations` of `retrievedReferences`",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read one call; the prompt is made on the server, and of what was retrieved only what is cited comes back."""
    body, at = request_of(exchange), exchange.request_at
    config = mapping(mapping(body.get("retrieveAndGenerateConfiguration")).get("knowledgeBaseConfiguration"))
    config_at = (*at, "retrieveAndGenerateConfiguration", "knowledgeBaseConfiguration")
    draft = Draft(model=text_of(config.get("modelArn")), session=text_of(body.get("sessionId")))
    template = mapping(mapping(config.get("generationConfiguration")).get("promptTemplate"))
    if isinstance(template.get("textPromptTemplate"), str):
        where = (*config_at, "generationConfiguration", "promptTemplate", "textPromptTemplate")
        message = DraftMessage(Role.SYSTEM, "textPromptTemplate", where)
        message.text(template["textPromptTemplate"], where)
        draft.messages.append(message)
    asked = mapping(body.get("input"))
    if isinstance(asked.get("text"), str):
        message = DraftMessage(Role.USER, "input", (*at, "input", "text"))
        message.text(asked["text"], (*at, "input", "text"))
        draft.messages.append(message)
    draft.has_request = bool(draft.messages)
    draft.unseen.append(Unseen("the prompt, which the server puts together", at, UnseenKind.TEMPLATE))
    _read_answer(draft, exchange)
    return draft


def _read_answer(draft: Draft, exchange: Exchange) -> None:
    if exchange.response is None:
        return
    response, at = response_of(exchange), exchange.response_at
    draft.has_response = True
    draft.error = read_error(exchange.response, at, exchange.status)
    output = mapping(response.get("output"))
    if isinstance(output.get("text"), str):
        message = DraftMessage(Role.ASSISTANT, "assistant", (*at, "output", "text"))
        message.text(output["text"], (*at, "output", "text"))
        draft.answer.append(message)
        read_attribution(draft, message, response.get("citations"), (*at, "citations"))
        ReturnedSources(draft, message).more_was_read((*at, "citations"))
    draft.session = draft.session or text_of(response.get("sessionId"))
