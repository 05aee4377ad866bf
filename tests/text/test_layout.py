import pytest

from ctxdebug.text.layout import LONGEST, BlockKind, Layout, layout, prose

pytestmark = pytest.mark.deps

PAGE = """# Plan

First **bold**, *slanted*, `code` and [a link](x).

- one
  wrapped
- two
  1. inner

> quoted

```python
- no bullet
```

| a | b |
|---|---|
| 1 | 2 |

---
"""


def page(text: str = PAGE) -> Layout:
    found = layout(text)
    assert found is not None
    return found


def test_blocks_are_told_with_their_places() -> None:
    found = [
        (block.kind, PAGE[block.start : block.end].split("\n", maxsplit=1)[0], block.depth) for block in page().blocks
    ]
    assert found == [
        (BlockKind.HEADING, "# Plan", 0),
        (BlockKind.PARAGRAPH, "First **bold**, *slanted*, `code` and [a link](x).", 0),
        (BlockKind.BULLET, "- one", 0),
        (BlockKind.BULLET, "- two", 0),
        (BlockKind.NUMBERED, "  1. inner", 1),
        (BlockKind.QUOTE, "> quoted", 0),
        (BlockKind.PARAGRAPH, "> quoted", 1),
        (BlockKind.CODE, "```python", 0),
        (BlockKind.TABLE, "| a | b |", 0),
        (BlockKind.RULE, "---", 0),
    ]


def test_prose_is_the_text_without_its_code() -> None:
    blanked = prose(PAGE)
    assert len(blanked) == len(PAGE)
    assert "no bullet" not in blanked
    assert blanked.replace(" ", "").count("\n") == PAGE.count("\n")
    assert prose("- one\n") == "- one\n"


def test_a_fence_around_the_whole_text_is_no_code() -> None:
    assert prose("```markdown\n- one\n```").strip() == "- one"
    assert prose("```python\n- one\n```").strip() == ""


def test_headings_tables_and_code_say_more() -> None:
    heading, code, table = page().of(BlockKind.HEADING, BlockKind.CODE, BlockKind.TABLE)
    assert (heading.level, heading.word, code.word, table.level) == (1, "Plan", "python", 2)


@pytest.mark.parametrize("text", ["", "\r\n", "\x00", "a\rb", "\u2028"])
def test_odd_text_is_read(text: str) -> None:
    assert all(0 <= block.start <= block.end <= len(text) for block in page(text).blocks)


def test_places_hold_with_other_line_ends() -> None:
    text = "# A\r\n\r\n- b\r\n- c\r\n"
    assert [text[block.start : block.end] for block in page(text).blocks] == ["# A", "- b", "- c"]


def test_too_long_a_text_is_not_read() -> None:
    assert layout("a" * (LONGEST + 1)) is None
