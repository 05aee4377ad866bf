"""Draw up the account of a request: which rules hold, what they give, and what no rule can see."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Kind, Media, Snapshot
from ctxdebug.models.catalogue import tokenizer_of
from ctxdebug.models.providers import provider_facts
from ctxdebug.models.serving import serving
from ctxdebug.models.spelling import plain_names
from ctxdebug.records import replace
from ctxdebug.tokens.count import Count, Counter
from ctxdebug.tokens.token_account import Account, Block, BlockKind, TokenAccount

if TYPE_CHECKING:
    from ctxdebug.tokens.memo import Memo

__all__ = ["Account", "Block", "BlockKind", "account", "counter"]

_APIS = {"openai.chat": "chat", "openai.responses": "responses", "transcript": "chat"}
_OPENAI = frozenset({"o200k_base", "cl100k_base"})
_RAW = frozenset({"openai.completions"})
"""Formats whose text reaches the model as it is, without a chat template."""
_FORBIDDING = frozenset({"none", "NONE"})
_SIGNATURES = frozenset({"thoughtSignature", "thought_signature"})
_DEPTH = 8


@lru_cache(maxsize=8)
def counter(encoding: str, memo: Memo | None) -> Counter:
    """Return the one counter of an encoding in this process."""
    return Counter(encoding, memo)


def account(snapshot: Snapshot, memo: Memo | None = None, tokenizer: str | None = None) -> Account:
    """Return what the provider would count as the prompt of this request, from the request alone.

    `tokenizer` overrules the model's (a vocabulary that is carried, or the name of a family of estimates).
    """
    model, known = identity(snapshot.model, snapshot.answered_by)
    name = tokenizer or known
    if snapshot.tools and _forbids_calls(snapshot.settings.tool_choice):
        return _without_calls(snapshot, memo, tokenizer)
    encoding = "cl100k_base" if name == "cl100k_base" else "o200k_base"
    counting = counter(encoding, memo)
    draft = TokenAccount(counting.count, counting.rare, encoding)
    kinds = {segment.kind for message in snapshot.messages for segment in message.segments}
    draft.unknown.extend(_unknown(snapshot, kinds))
    if Kind.MEDIA in kinds:
        _media(snapshot, draft, model)
    if name in _OPENAI and snapshot.format in _APIS:
        from ctxdebug.tokens.accounts.openai import Prompt
        from ctxdebug.tokens.accounts.openai_rules import rules_of

        rules = rules_of(model)
        if rules is not None:
            return Prompt(snapshot, draft, rules, _APIS[snapshot.format]).account()
    from ctxdebug.tokens.accounts.estimated import Estimate, family_of, without_template

    family = family_of(name, model, host_of(snapshot))
    if snapshot.format in _RAW and not _facts_say(snapshot, "completions", "templated"):
        family = without_template(family)
    return Estimate(snapshot, draft, family).account()


def _forbids_calls(choice: object) -> bool:
    """Whether the request forbids tool calls, in whatever way it says so."""
    if isinstance(choice, dict):
        held = choice.get("functionCallingConfig") or choice.get("function_calling_config")
        said = {choice.get("type"), choice.get("mode"), held.get("mode") if isinstance(held, dict) else None}
        return not said.isdisjoint(_FORBIDDING)
    return choice in _FORBIDDING if isinstance(choice, str) else False


def _without_calls(snapshot: Snapshot, memo: Memo | None, tokenizer: str | None) -> Account:
    """Return the account of a request that declares tools and forbids calls: some servers then leave the declarations out."""
    settings = replace(snapshot.settings, tool_choice=None)
    if _facts_say(snapshot, "tools_with_none", "dropped"):
        return account(replace(snapshot, settings=settings, tools=()), memo, tokenizer)
    declared = account(replace(snapshot, settings=settings), memo, tokenizer)
    if _facts_say(snapshot, "tools_with_none", "kept"):
        return declared
    bare = account(replace(snapshot, settings=settings, tools=()), memo, tokenizer)
    total = declared.total
    return replace(declared, total=Count.estimate(total.value, min(total.low, bare.total.low), total.high))


def _facts_say(snapshot: Snapshot, fact: str, word: str) -> bool:
    served = serving(snapshot.provider, snapshot.url, snapshot.format, snapshot.model or snapshot.answered_by)
    facts = provider_facts(served.host) if served else None
    return facts is not None and getattr(facts, fact) == word


@lru_cache(maxsize=1024)
def identity(asked: str | None, answered: str | None) -> tuple[str, str | None]:
    """Return a model's bare name and its tokenizer; the response's word counts where the request names a deployment."""
    for name in (asked, answered):
        known = tokenizer_of(name) if name else None
        if name and known:
            return plain_names(name)[0].removeprefix("ft:"), known[0]
    return asked or answered or "", None


def host_of(snapshot: Snapshot) -> str:
    """Return what tells who served it: the provider, the address, and the model's full name."""
    return f"{snapshot.provider or ''} {snapshot.url or ''} {snapshot.model or snapshot.answered_by or ''}"


def _unknown(snapshot: Snapshot, kinds: set[Kind]) -> Iterator[str]:
    """Yield what the server adds or keeps, and the capture does not hold."""
    if not snapshot.has_request:
        yield "the request is not in the capture"
    for unseen in snapshot.unseen:
        yield unseen.what
    for tool in snapshot.tools:
        if tool.type not in {"function", "custom"} and not any(tool.type in unseen.what for unseen in snapshot.unseen):
            yield f"what the server-side tool {tool.type} adds to the prompt"
    if snapshot.format == "google.generate_content" and _signed(snapshot.request, 0):
        yield "thought signatures, which stand for text that only the server has"
    if Kind.OPAQUE in kinds:
        yield "a part whose content only the server can read"


def _signed(value: Any, depth: int) -> bool:
    if depth > _DEPTH:
        return False
    if isinstance(value, dict):
        return not _SIGNATURES.isdisjoint(value) or any(_signed(item, depth + 1) for item in value.values())
    return isinstance(value, list) and any(_signed(item, depth + 1) for item in value)


def _media(snapshot: Snapshot, draft: TokenAccount, model: str) -> None:
    """Enter images by the provider's tile rule; everything else that is not text cannot be counted."""
    from ctxdebug.tokens.accounts.media import media_tokens

    for message in snapshot.messages:
        for segment in message.segments:
            if segment.kind is not Kind.MEDIA:
                continue
            media = segment.media or Media("file")
            number = media_tokens(media, model)
            if number is None:
                draft.unknown.append(f"the {media.type}, whose tokens the capture does not tell")
            else:
                draft.add(BlockKind.SEGMENT, media.type, number, message=message.index, segment=segment.id)
                draft.doubt(number // 10, number // 10)
