"""A repair edits the assembled request, and leaves the snapshot that it is of as it was."""

from __future__ import annotations

from ctxdebug.model import Authority, Repair, RepairKind, Snapshot
from ctxdebug.segmentation.repaired import repaired
from tests.conversations import transcribed

TALK = """system: Be brief.
user: <document id="a">Old text of the first document.</document>
<document id="b">New text of the second document.</document>
Which is it?
assistant: The second.
user: Why?
"""


def talk() -> Snapshot:
    return transcribed(TALK)[-1]


def words(snapshot: Snapshot) -> list[str]:
    return [message.text for message in snapshot.messages]


def id_of(text: str) -> str:
    return next(segment.id for segment in talk().segments() if text in segment.text)


def test_a_removed_document_takes_its_tags_along() -> None:
    edited = repaired(talk(), Repair("x", RepairKind.REMOVE_BLOCK, segments=(id_of("Old text"),)))
    assert words(edited)[1] == '<document id="b">New text of the second document.</document>\nWhich is it?'


def test_an_instruction_is_added_behind_the_rules() -> None:
    edited = repaired(talk(), Repair("x", RepairKind.ADD_INSTRUCTION, "Cite.", (id_of("Be brief"),)))
    assert words(edited)[0] == "Be brief. Cite."


def test_a_message_moves_with_all_of_its_segments() -> None:
    edited = repaired(talk(), Repair("x", RepairKind.MOVE_BLOCK, segments=(id_of("Be brief"),)))
    assert words(edited)[-1] == "Be brief."
    assert [message.index for message in edited.messages] == [0, 1, 2, 3]


def test_a_segment_moves_to_the_end_of_the_last_message() -> None:
    edited = repaired(talk(), Repair("x", RepairKind.MOVE_BLOCK, segments=(id_of("Old text"),)))
    assert words(edited)[-1] == "Why?Old text of the first document."


def test_delimited_text_has_no_authority() -> None:
    edited = repaired(talk(), Repair("x", RepairKind.DELIMIT_TEXT, "quoted", (id_of("Why?"),)))
    assert words(edited)[-1] == "\n<quoted>\nWhy?\n</quoted>\n"
    (inner,) = [segment for segment in edited.segments() if segment.text == "Why?"]
    assert inner.authority is Authority.NONE


def test_merged_messages_say_a_thing_once() -> None:
    snapshot = transcribed("system: Be brief.\nsystem: Be brief.\nsystem: Cite.\nuser: Hello?\n")[-1]
    ids = tuple(segment.id for segment in snapshot.segments() if segment.role.value == "system")
    edited = repaired(snapshot, Repair("x", RepairKind.MERGE_MESSAGES, segments=ids))
    assert words(edited) == ["Be brief.\n\nCite.", "Hello?"]


def test_a_setting_is_changed() -> None:
    edited = repaired(talk(), Repair("x", RepairKind.CHANGE_SETTING, "0.0", setting="temperature"))
    assert edited.settings.temperature == 0


def test_several_repairs_meet_the_ids_of_the_request_as_it_was() -> None:
    old, new = id_of("Old text"), id_of("New text")
    edited = repaired(
        talk(),
        Repair("x", RepairKind.REMOVE_BLOCK, segments=(old,)),
        Repair("y", RepairKind.REPLACE_TEXT, "Only", (new,), (0, 3)),
        Repair("z", RepairKind.REMOVE_BLOCK, segments=(old,)),
    )
    assert words(edited)[1].startswith('<document id="b">Only text')


def test_a_repaired_request_is_not_answered_and_the_old_one_stays() -> None:
    snapshot = transcribed("user: Hello?\nassistant: Hi.\n")[-1]
    edited = repaired(snapshot, Repair("x", RepairKind.CHANGE_SETTING, "true", setting="stream"))
    assert not edited.has_response
    assert not edited.answer
    assert snapshot.answer
