"""OpenAI's own models: chat messages, tools as TypeScript, calls, response schemas.

The text of a request is rendered as the model reads it, as far as recorded counts show how; the constants and their
evidence are in `openai.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctxdebug.decoding.json_values import mapping
from ctxdebug.model import Kind, Message, Role, Segment, Snapshot
from ctxdebug.tokens.accounts.measures import compact, is_forced
from ctxdebug.tokens.accounts.openai_request import TEXT, created_at, forced_tool, parsed, plain_identity, role_word
from ctxdebug.tokens.accounts.openai_rules import at_host, constants, is_own_host
from ctxdebug.tokens.accounts.response_schema import response_schema
from ctxdebug.tokens.accounts.typescript import rendered
from ctxdebug.tokens.token_account import Block, BlockKind, TokenAccount

if TYPE_CHECKING:
    from ctxdebug.tokens.token_account import Account

RESULT = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})
INSTRUCTING = frozenset({Role.SYSTEM, Role.DEVELOPER})
HEADER = "# Tools\n\n## functions\n\n"
NAMESPACE = "namespace functions {\n\n"
FORCED = 12
"""Tokens that the name of a forced tool may add where no recorded count shows how many."""
END = "} // namespace functions"


_PLAIN: dict[tuple[str, str, str], dict[tuple[int | str, ...], tuple[Block, ...]]] = {}
_MOST_PLAIN = 100_000
"""Messages of one plain text, and their blocks: the turns of a session repeat its history."""


class Prompt:
    """One request on its way into an account."""

    def __init__(self, snapshot: Snapshot, draft: TokenAccount, rules: Mapping[str, Any], api: str) -> None:
        self.own = is_own_host(snapshot.provider, snapshot.url)
        api = api if self.own else constants()["gateways"]["api"].get(rules["named"], api)
        self.snapshot, self.draft, self.rules, self.api = snapshot, draft, rules, api
        self.constants: Mapping[str, Any] = {
            **rules[api],
            **at_host(snapshot.provider, snapshot.url, rules["named"], api),
        }
        self.calls = {
            part.call.id for message in snapshot.messages for part in message.segments if part.call is not None
        }
        self.results: dict[str, list[Message]] = {}
        for message in snapshot.messages:
            if message.role is Role.TOOL:
                for call in {segment.call_id for segment in message.segments if segment.call_id is not None}:
                    self.results.setdefault(call, []).append(message)

    def account(self) -> Account:
        """Count everything."""
        self._messages()
        self._tools()
        self._schema()
        self._choice()
        self._history()
        self.draft.add(BlockKind.FRAMING, "the start of the answer", self.rules["reply"])
        self.draft.doubt(*self.rules.get("doubt", (0, 0)))
        if not self.own:
            self._gateway()
        return self.draft.account(f"openai {self.api}, {self.rules['named']}")

    def _messages(self) -> None:
        kept = _PLAIN.setdefault((self.rules["named"], self.api, self.draft.encoding), {})
        if len(kept) > _MOST_PLAIN:
            kept.clear()
        for message in self.snapshot.messages:
            key = None if self._odd(message) else plain_identity(message)
            blocks = kept.get(key) if key is not None else None
            if blocks is None:
                before = len(self.draft.blocks)
                self._message(message)
                if key is not None:
                    kept[key] = tuple(self.draft.blocks[before:])
            else:
                self.draft.blocks += blocks

    def _frame(self, message: Message, number: int) -> None:
        self.draft.add(
            BlockKind.FRAMING, f"framing of the {message.captured_role} message", number, message=message.index
        )

    def _message(self, message: Message) -> None:
        calls = [segment for segment in message.segments if segment.kind is Kind.TOOL_CALL]
        text = any(segment.kind in TEXT and (segment.text or self.api == "responses") for segment in message.segments)
        if message.role is Role.TOOL:
            self._result(message)
        elif text or not calls:
            self._plain(message)
        if calls:
            self._calls(message, calls)

    def _plain(self, message: Message) -> None:
        joints = self.draft.segments(message, TEXT)
        number = self.rules["message"] + self.draft.count(role_word(message)) + joints
        if message.name and message.role is not Role.TOOL:
            number += self.rules["name"] + self.draft.count(message.name)
            self.draft.doubt(0, 1)
        if message.role is Role.ASSISTANT:
            number += self.rules["assistant"]
        if self._odd(message):
            self.draft.doubt(1, 1)
        self._frame(message, number)

    def _odd(self, message: Message) -> bool:
        """Whether white space at its edges, or nothing but it, may cost a message a token more or less."""
        text = message.text
        return not text or bool(self.rules.get("edges") and (text[0].isspace() or text[-1].isspace()))

    def _result(self, message: Message) -> None:
        """A result's own words; what frames it is counted with its call."""
        joints = self.draft.segments(message, RESULT)
        parts = len({piece.pointer for segment in message.segments for piece in segment.pieces[:1]})
        if parts > 1:
            self.draft.doubt(2 * parts, 4 * parts)
        if not any(segment.call_id in self.calls for segment in message.segments):
            joints += self.rules["message"] + 1
            self.draft.doubt(4, 12)
        self._frame(message, joints)

    def _calls(self, message: Message, calls: Sequence[Segment]) -> None:
        flat = self.constants["parallel"] == "flat"
        if len(calls) > 1 and not flat:
            self._parallel(message, calls)
            return
        number = -3 * (len(calls) - 1)
        for segment in calls:
            call = segment.call
            assert call is not None
            arguments = call.arguments if call.error else compact(call.parsed)
            self.draft.add(
                BlockKind.SEGMENT,
                f"call of {call.name}",
                self.draft.count(arguments),
                message=message.index,
                segment=segment.id,
            )
            number += self.constants["call"] + self._names(call.name)
            self.draft.doubt(*self.constants.get("call_doubt", (0, 0)))
            if call.id not in self.results:
                self.draft.doubt(12, 4)
        self._frame(message, number)

    def _names(self, name: str) -> int:
        """Return a tool's name as it stands in a call, and again in the result."""
        called = self.draft.count(f"functions.{name}")
        return called + (called if self.api == "responses" else self.draft.count(name))

    def _parallel(self, message: Message, calls: Sequence[Segment]) -> None:
        """Several calls at once are one call of a wrapper, and their results one JSON list."""
        uses, results, counted = [], [], 0
        for segment in calls:
            call = segment.call
            assert call is not None
            parameters = call.arguments if call.error else call.parsed
            uses.append({"recipient_name": f"functions.{call.name}", "parameters": parameters})
            number = self.draft.count(compact(parameters))
            counted += number
            self.draft.add(BlockKind.SEGMENT, f"call of {call.name}", number, message=message.index, segment=segment.id)
            answers = self.results.get(call.id or "", [])
            text = "".join(answer.text for answer in answers)
            results.append(parsed(text))
            counted += sum(
                self.draft.count(part.text) for answer in answers for part in answer.segments if part.kind in RESULT
            )
        whole = self.draft.count(compact({"tool_uses": uses})) + self.draft.count(
            json.dumps(results, ensure_ascii=False)
        )
        self._frame(message, whole - counted + self.constants["parallel"])

    def _tools(self) -> None:
        """Declared functions: TypeScript, behind the first instructions or in a message of its own."""
        doubts = 0
        texts: list[tuple[int, str]] = []
        for index, tool in enumerate(self.snapshot.tools):
            if tool.deferred or tool.type not in {"function", "custom"}:
                continue
            text, doubted = rendered(tool)
            texts.append((index, text))
            doubts += doubted
            if tool.type == "custom":
                self.draft.doubt(20, 40)
        if not texts:
            return
        if doubts:
            self.draft.doubt(2 + 4 * doubts, 4 + 8 * doubts)
        self._declared(texts)

    def _declared(self, texts: list[tuple[int, str]]) -> None:
        first = self.snapshot.tools[texts[0][0]]
        for index, text in texts:
            self.draft.add(BlockKind.TOOL, self.snapshot.tools[index].name, self.draft.count(text), tool=index)
        whole = NAMESPACE + "".join(text for _, text in texts) + END
        counted = sum(self.draft.count(text) for _, text in texts)
        number = self.constants["tools"] + (0 if first.description else self.constants["undescribed"])
        if self.api == "responses":
            calls = any(segment.kind is Kind.TOOL_CALL for segment in self.snapshot.segments())
            instructed = "instructed_" if mapping(self.snapshot.request).get("instructions") else ""
            number += self.draft.count(whole) + (self.constants[f"{instructed}with_calls"] if calls else 0)
        else:
            number += self._behind_instructions(HEADER + whole)
        self.draft.add(BlockKind.FRAMING, "framing of the tools", number - counted)

    def _behind_instructions(self, section: str) -> int:
        """Return the tokens that a section adds behind the first system message, or alone."""
        instructing = [message for message in self.snapshot.messages if message.role in INSTRUCTING]
        if not instructing:
            return int(self.rules["message"]) + 1 + self.draft.count(section)
        before = "".join(segment.text for segment in instructing[0].segments if segment.kind in TEXT)[-80:]
        return int(self.constants["instructions"]) + self.draft.count(section) + self._gap(before, section)

    def _gap(self, before: str, section: str) -> int:
        count, head = self.draft.count, section[:40]
        return count(f"{before.rstrip()}\n\n{head}") - count(before) - count(head)

    def _schema(self) -> None:
        found = response_schema(self.snapshot, self.api)
        if found is None:
            return
        number = self.draft.count(found.text) + self.constants["schema_with_tools" if self.snapshot.tools else "schema"]
        self.draft.add(BlockKind.SCHEMA, f"response schema {found.name}".rstrip(), number)
        less, more = self.constants["schema_sure" if found.sure else "schema_doubt"]
        self.draft.doubt(less[0] + int(less[1] * number), more[0] + int(more[1] * number))

    def _history(self) -> None:
        """What the Responses API is known to add without saying so."""
        if self.api != "responses":
            return
        early, added = constants()["early_responses"], constants()["added_tools"]
        created = created_at(self.snapshot.response)
        if created is not None and created < early["until"]:
            parallel = bool(self.snapshot.tools) and self.snapshot.settings.parallel_tool_calls is not False
            self._hidden(early["plain"] + early["parallel"] * parallel, early)
        listed = mapping(self.snapshot.request).get("input")
        if isinstance(listed, list) and any(mapping(item).get("type") == "additional_tools" for item in listed):
            self._hidden(added["value"], added)

    def _hidden(self, number: int, row: Mapping[str, Any]) -> None:
        self.draft.add(BlockKind.FRAMING, "what the server adds of its own", number)
        self.draft.doubt(row["less"], row["more"])

    def _gateway(self) -> None:
        row = constants()["gateways"]
        value = sum(block.count.value for block in self.draft.blocks)
        less, more = (int(base + share * value) for base, share in (row["less"], row["more"]))
        self.draft.doubt(less, more)

    def _choice(self) -> None:
        choice = self.snapshot.settings.tool_choice
        name = forced_tool(choice)
        if self.constants["forced"] is None and self.snapshot.tools and is_forced(self.snapshot.settings):
            self.draft.doubt(0, FORCED)
            return
        if not name or self.constants["forced"] is None or not self.snapshot.tools:
            return
        self.draft.add(
            BlockKind.FRAMING, "the choice of a tool", self.constants["forced"] + self.draft.count(f"functions.{name}")
        )
