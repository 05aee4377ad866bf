from __future__ import annotations

import pytest

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Authority, Kind, Message, Provenance, Role, Trust
from ctxdebug.segmentation import Policy, assemble
from ctxdebug.segmentation.labels import labelled

FILLER = "The office closes at six, and the side door stays open for the cleaners until eight."


def message(text: str, role: Role = Role.USER, policy: Policy | None = None) -> Message:
    kind = Kind.TOOL_RESULT if role is Role.TOOL else Kind.TEXT
    draft = Draft(messages=[DraftMessage(role, role.value, ("messages", 0))])
    more = {"call_id": "c1", "tool": "search"} if role is Role.TOOL else {}
    draft.messages[0].text(text, ("messages", 0, "content"), kind, **more)
    snapshot = assemble(draft, Exchange(()), path="x", container="json", format="test", policy=policy or Policy())
    return snapshot.messages[0]


def documents(found: Message) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (segment.document.id, segment.document.title, segment.document.date)
        for segment in found.segments
        if segment.kind is Kind.DOCUMENT and segment.document
    ]


TEXTS = [
    f'Look:\n<document id="7" title="Hours" date="2024-05-01">\n{FILLER}\n</document>\nWhen does it close?',
    f"<documents><document index='1'><source>hours.md</source><document_content>{FILLER}</document_content></document></documents>",
    f"[1] {FILLER}\n[2] {FILLER}\n\nQuestion: when does it close?",
    f"[doc A, policy.md, updated 2023-01-10]\n{FILLER}\n[doc B, faq.md, updated 2024-02-11]\n{FILLER}",
    f"Source 1: {FILLER}\nSource 2: {FILLER}\n",
    f"## Document 1: hours\n{FILLER}\n## Document 2: doors\n{FILLER}\n## Question\nWhen?",
    f"Context information is below.\n---------------------\n{FILLER}\n---------------------\nGiven the context information, answer.",
    f"Use the context.\n\nContext:\n{FILLER}\n\nQuestion: when does it close?",
    f'Please summarise:\n"""{FILLER}"""\nin one line',
    f"Please summarise:\n```\n{FILLER}\n```\nin one line",
    f"> {FILLER}\n> {FILLER}\n\nIs that so?",
    "<document>unclosed " + FILLER,
    "</document>" * 50 + FILLER,
    "<a>" * 300 + FILLER + "</b>" * 300,
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("role", [Role.USER, Role.SYSTEM, Role.TOOL])
def test_the_segments_are_the_text(text: str, role: Role) -> None:
    found = message(text, role)
    assert found.text == text
    assert [piece.offset for segment in found.segments for piece in segment.pieces] == [
        sum(len(segment.text) for segment in found.segments[:index]) for index in range(len(found.segments))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXTS[0], [("7", "Hours", "2024-05-01")]),
        (TEXTS[1], [("1", "hours.md", None)]),
        (TEXTS[2], [("1", None, None), ("2", None, None)]),
        (TEXTS[3], [("doc A", "policy.md", "2023-01-10"), ("doc B", "faq.md", "2024-02-11")]),
        (TEXTS[4], [("Source 1", None, None), ("Source 2", None, None)]),
        (TEXTS[5], [("Document 1", "hours", None), ("Document 2", "doors", None)]),
        (TEXTS[6], [(None, None, None)]),
        (TEXTS[7], [(None, None, None)]),
    ],
)
def test_documents_are_cut_out_with_what_they_say_of_themselves(
    text: str, expected: list[tuple[str | None, str | None, str | None]]
) -> None:
    assert documents(message(text)) == expected


def test_a_json_list_in_a_tool_result_is_a_document_an_object() -> None:
    text = f'{{"results": [{{"id": 3, "title": "A", "content": "{FILLER}"}}, {{"id": 4, "text": "{FILLER}", "updated": "2024"}}]}}'
    assert documents(message(text, Role.TOOL)) == [("3", "A", None), ("4", None, "2024")]


@pytest.mark.parametrize(
    "text", ["1. buy milk\n2. buy bread\n" + FILLER, "see [1] and [2]. " + FILLER, "x < 3 and y > 4. " + FILLER]
)
def test_ordinary_text_is_one_segment(text: str) -> None:
    assert len(message(text).segments) == 1


def test_a_document_has_no_authority_and_the_words_around_it_keep_theirs() -> None:
    around, inside, after = message(TEXTS[0]).segments
    assert (around.authority, around.trust) == (Authority.USER, Trust.TRUSTED)
    assert (inside.authority, inside.trust, inside.provenance) == (
        Authority.NONE,
        Trust.UNTRUSTED,
        Provenance.RETRIEVED,
    )
    assert after.authority is Authority.USER


def test_a_quotation_in_a_user_message_has_no_authority() -> None:
    quoted = [segment for segment in message(TEXTS[8]).segments if segment.quoted]
    assert [(segment.text, segment.authority) for segment in quoted] == [(FILLER, Authority.NONE)]


def test_a_system_message_keeps_its_examples() -> None:
    assert [segment.authority for segment in message(TEXTS[9], Role.SYSTEM).segments] == [Authority.SYSTEM]


def test_configuration_vouches_for_a_tool_and_a_tag() -> None:
    policy = Policy(trusted_tools=("sea*",), trusted_tags=("document",))
    assert message("rows: 3", Role.TOOL, policy).segments[0].trust is Trust.TRUSTED
    assert message(TEXTS[0], Role.USER, policy).segments[1].trust is Trust.TRUSTED
    assert message(TEXTS[0], Role.USER, policy).segments[1].authority is Authority.NONE


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "<document>" * 10_000, "<document " * 10_000, "> " * 50_000, "```\n" * 25_000, "[1] " * 25_000],
)
def test_adversarial_text_is_cut_in_linear_time(text: str) -> None:
    assert message(text).text == text


def test_a_short_passage_beside_longer_ones_is_one_of_the_list() -> None:
    passages = "[1] The textile tour leaves from the cloakroom daily.\n[2] All guided tours take 90 minutes.\n[3] The café closes at 17:30."
    assert [cut.document and cut.document.id for cut in labelled(f"{passages}\n\nIs the café open then?")] == [
        "1",
        "2",
        "3",
    ]
    assert labelled("[1] Yes, it is.\n[2] No, it is not.") == []


def test_the_headings_of_a_prompt_for_a_judge_are_no_documents() -> None:
    judge = "Please act as an impartial judge and rate the response of an AI assistant from 1 to 10."
    assert (
        labelled(f"[Instruction]\n{judge}\n[Question]\nIs the man in the picture steering an SUV or a lorry?\n") == []
    )
