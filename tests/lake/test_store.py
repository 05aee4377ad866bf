"""An object store: a real S3 server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ctxdebug.lake.locations import Located, locate
from tests.lake.lakes import LEAVE_BOT, SESSION, files_of, scanned, write_lines, write_table
from tests.shell import ctxdebug

pytestmark = pytest.mark.slow
moto = pytest.importorskip("moto.server")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a server with a bucket `lake`; return the parameters of its URIs."""
    server = moto.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    _client(f"http://{host}:{port}").create_bucket(Bucket="lake")
    yield f"scheme=http&endpoint_override={host}:{port}&region=us-east-1"
    server.stop()


def _client(address: str) -> Any:
    return pytest.importorskip("boto3").client("s3", endpoint_url=address, region_name="us-east-1")


def _put(parameters: str, path: str, file: Path) -> None:
    host = parse_qs(parameters)["endpoint_override"][0]
    _client(f"http://{host}").put_object(Bucket="lake", Key=path, Body=file.read_bytes())


def test_objects_of_a_store_are_scanned_as_files_are(store: str, tmp_path: Path) -> None:
    rows = [{**row, "session_id": "s"} for row in SESSION]
    _put(store, "day=1/a.jsonl", write_lines(tmp_path / "a.jsonl", [*rows[::2], LEAVE_BOT]))
    _put(store, "day=2/b.parquet", write_table(tmp_path / "b.parquet", rows[1::2]))
    _put(store, "day=2/_SUCCESS", write_lines(tmp_path / "c.jsonl", [LEAVE_BOT]))

    found = scanned(f"s3://lake/?{store}", into=tmp_path)

    assert found["problem"] == []
    assert {row["source"] for row in found["exchange"]} == {"s3://lake/day=1/a.jsonl", "s3://lake/day=2/b.parquet"}
    assert len(found["exchange"]) == len(rows) + 1
    assert "MEM104" in {row["code"] for row in found["finding"]}


def test_a_pattern_chooses_objects_and_credentials_are_told_nowhere(store: str, tmp_path: Path) -> None:
    for day in (1, 2):
        _put(store, f"day={day}/a.jsonl", write_lines(tmp_path / "a.jsonl", [LEAVE_BOT, LEAVE_BOT]))

    found = list(locate([f"s3://access:hidden@lake/day=*/a.jsonl?{store}"]))

    assert [one.name for one in found if isinstance(one, Located)] == [
        "s3://lake/day=1/a.jsonl",
        "s3://lake/day=2/a.jsonl",
    ]
    assert all(urlsplit(one.place).username == "access" for one in found if isinstance(one, Located))
    scanned(f"s3://test:test@lake/day=2/a.jsonl?{store}", into=tmp_path)
    assert b"test:test" not in b"".join(files_of(tmp_path / "findings.parquet").values())


def test_a_bucket_that_is_not_there_is_said(store: str, tmp_path: Path) -> None:
    done = ctxdebug("scan", f"s3://none/?{store}", "-o", "f.parquet", cwd=tmp_path)

    assert done.returncode == 2
    assert "nothing to scan under s3://none/: no file there fits" in done.stderr
