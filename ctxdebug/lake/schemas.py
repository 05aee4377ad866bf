"""The shapes of the tables: the rows that are examined, the results of a batch, and the three files that a scan writes.

A *capture id* is `SOURCE#ROW` and the JSON pointer to the exchange inside the row: `logs/a.jsonl#17`,
`s3://lake/day=1/x.parquet#3/calls/0`. Rows count from 1; the row of a file of JSON lines is its line.
"""

from __future__ import annotations

import pyarrow as pa

VERSION = 1
"""Of the three files; a column is added without a new version, and none changes its meaning without one."""

ROWS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),  # file or URI, without credentials
        pa.field("row", pa.int64()),  # from 1; null where the document is the whole file
        pa.field(
            "group", pa.string(), nullable=False
        ),  # rows that are examined together: a session, or a stretch of a file
        pa.field("session", pa.string()),  # only where a column names it
        pa.field("time", pa.timestamp("us", "UTC")),  # only where a column gives it
        pa.field("expected", pa.bool_(), nullable=False),  # named or in a folder of captures: must be readable
        pa.field(
            "whole", pa.bool_(), nullable=False
        ),  # whether the document is a capture of its own, not one of its lines
        pa.field(
            "lines", pa.bool_(), nullable=False
        ),  # whether lines and columns of the document are those of the source
        pa.field("document", pa.large_binary()),  # the row as one line of JSON, or the bytes of the file
        pa.field("problem", pa.string()),  # why there is no document
        pa.field("fatal", pa.bool_(), nullable=False),  # of the problem
    ]
)
EVIDENCE = pa.struct(
    [
        pa.field("source", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("pointer", pa.string()),  # JSON pointer inside the row
        pa.field("line", pa.int64()),  # of the source, from 1; null where it has no lines
        pa.field("column", pa.int64()),
        pa.field("segment", pa.string()),  # `m3.s1`, null for a value outside the messages
        pa.field("start", pa.int64()),  # characters of the segment
        pa.field("end", pa.int64()),
        pa.field("text", pa.string()),  # at most 400 characters, secrets masked
        pa.field("note", pa.string()),
    ]
)
_CAPTURE = [
    pa.field("capture", pa.string()),  # the capture id
    pa.field("source", pa.string()),
    pa.field("row", pa.int64()),
    pa.field("pointer", pa.string()),  # of the exchange, inside the row
    pa.field("session", pa.string()),
    pa.field("time", pa.timestamp("us", "UTC")),
    pa.field("model", pa.string()),
    pa.field("prompt_version", pa.string()),  # a digest of the system texts, their numbers aside
    pa.field("tokens", pa.int64()),  # of the prompt: counted by the provider, else our estimate
]
FINDINGS = pa.schema(
    [
        *_CAPTURE,
        pa.field("number", pa.int64()),  # of the finding in its exchange, from 0: with the capture id, a key
        pa.field("code", pa.string()),
        pa.field("name", pa.string()),
        pa.field("family", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("confidence", pa.string()),
        pa.field("message", pa.string()),  # secrets masked
        pa.field("fix", pa.string()),
        pa.field("cause", pa.string()),  # the message without its values: findings of one cause share it
        pa.field("fingerprint", pa.string()),  # as in `check --format json`
        pa.field("evidence", pa.list_(EVIDENCE)),
    ]
)
EXCHANGES = pa.schema(
    [
        *_CAPTURE,
        pa.field("provider", pa.string()),
        pa.field("request", pa.string()),  # a digest of what was sent and how: equal requests share it
        pa.field("format", pa.string()),
        pa.field("container", pa.string()),
        pa.field("output_tokens", pa.int64()),  # as the provider counted
        pa.field("window", pa.int64()),  # tokens; null where it is not known
        pa.field("findings", pa.int64()),
        pa.field("repeated", pa.int64()),  # findings that an earlier turn of the session had
        pa.field("hidden", pa.int64()),  # of low confidence
        pa.field("not_checked", pa.list_(pa.string())),  # codes of rules that could not look
    ]
)
PROBLEMS = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("pointer", pa.string()),
        pa.field("message", pa.string()),
        pa.field("fatal", pa.bool_()),  # whether something was not read
        pa.field("ours", pa.bool_()),  # our own fault: please report it
        pa.field("kind", pa.string()),  # what the file is, where a folder holds it and it is no capture
    ]
)
TABLES = {"finding": FINDINGS, "exchange": EXCHANGES, "problem": PROBLEMS}
RESULTS = pa.schema([pa.field(name, pa.struct(list(schema))) for name, schema in TABLES.items()])
"""What `check_batch` returns: in every row one of the three is there, the others are null."""
ORDER = {
    "finding": ("source", "row", "pointer", "number"),
    "exchange": ("source", "row", "pointer", "capture"),
    "problem": ("source", "row", "pointer", "message", "kind"),
}
"""The columns by which the three files are sorted, nulls first."""
