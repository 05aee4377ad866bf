from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ctxdebug.lake import pieces
from ctxdebug.lake.engines import local
from ctxdebug.lake.job import Job
from ctxdebug.lake.locations import Located
from ctxdebug.lake.parcels import buckets_for
from ctxdebug.lake.scan import scan
from ctxdebug.lake.work import Shard
from tests.lake.lakes import LEAVE_BOT, call, files_of, scanned, write_lines


def _lake(folder: Path) -> Path:
    for at in range(4):
        write_lines(folder / f"{at}.jsonl", [LEAVE_BOT, call(f"Question {at}?", "Yes.", session_id=f"s{at % 2}")])
    return folder


def _stopped(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let the scan be interrupted while it examines its buckets."""
    done: list[Any] = []

    def examine(*given: Any) -> int:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(given)
        return pieces.examine_bucket(*given)

    monkeypatch.setattr(local, "examine_bucket", examine)


def test_an_interrupted_scan_goes_on_and_does_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = _lake(tmp_path / "lake")
    monkeypatch.setattr("ctxdebug.lake.parcels.BUCKET", 4_000)
    monkeypatch.setattr("ctxdebug.lake.work._SHARD", 1_000)
    scanned(lake, into=tmp_path)
    expected = files_of(tmp_path / "findings.parquet")
    examined: list[str] = []
    with monkeypatch.context() as patched:
        _stopped(patched, after=2)
        with pytest.raises(KeyboardInterrupt):
            scanned(lake, into=tmp_path)

    def counted(work: Any, job: Any, bucket: Any) -> int:
        examined.append(bucket.name)
        return pieces.examine_bucket(work, job, bucket)

    def never(*_: Any) -> int:
        raise AssertionError("a file was read again")

    monkeypatch.setattr(local, "examine_bucket", counted)
    monkeypatch.setattr(local, "read_shard", never)
    pieces_before = {path.stem for path in (tmp_path / ".findings.parquet.scan" / "results").iterdir()}
    scanned(lake, into=tmp_path)

    assert files_of(tmp_path / "findings.parquet") == expected
    assert len(pieces_before) == 2
    assert not pieces_before & set(examined)


def test_a_file_that_changed_meanwhile_is_read_again_and_the_others_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = _lake(tmp_path / "lake")
    monkeypatch.setattr("ctxdebug.lake.work._SHARD", 1_000)
    with monkeypatch.context() as patched:
        _stopped(patched, after=0)
        with pytest.raises(KeyboardInterrupt):
            scanned(lake, into=tmp_path)
    write_lines(lake / "1.jsonl", [call("Other?", "Yes."), call("More?", "No.")])
    write_lines(lake / "9.jsonl", [call("New?", "Yes."), call("Newer?", "No.")])
    read: list[str] = []

    def reading(work: Any, job: Any, shard: Any) -> int:
        read.extend(Path(file.name).name for file in shard.files)
        return pieces.read_shard(work, job, shard)

    monkeypatch.setattr(local, "read_shard", reading)
    found = scanned(lake, into=tmp_path)

    assert read == ["1.jsonl", "9.jsonl"]
    assert len(found["exchange"]) == 10
    assert not [row for row in found["finding"] if row["source"].endswith("1.jsonl") and row["code"] == "MEM403"]


def test_other_options_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ctxdebug.lake.columns import Columns

    lake = _lake(tmp_path / "lake")
    with monkeypatch.context() as patched:
        _stopped(patched, after=0)
        with pytest.raises(KeyboardInterrupt):
            scanned(lake, into=tmp_path)
    read: list[str] = []

    def reading(work: Any, job: Any, shard: Any) -> int:
        read.append(shard.name)
        return pieces.read_shard(work, job, shard)

    monkeypatch.setattr(local, "read_shard", reading)
    scanned(lake, into=tmp_path, columns=Columns(session="session_id"))

    assert len(read) == 1


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [LEAVE_BOT, LEAVE_BOT])

    assert len(scanned(path, path, tmp_path, into=tmp_path)["exchange"]) == 2


def test_processes_are_started_where_there_is_enough_to_do_or_they_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(tmp_path / "a.jsonl", [LEAVE_BOT, LEAVE_BOT])
    asked: list[int] = []

    def engine(work: Any, job: Any, shards: Any, workers: int, told: Any) -> set[str]:
        asked.append(workers)
        return local.run_local(work, job, shards, 0, told)

    monkeypatch.setattr("ctxdebug.lake.scan._engine", lambda _: engine)
    monkeypatch.setattr("ctxdebug.lake.scan.processors", lambda: 7)
    for workers, small in ((None, 1 << 30), (None, 0), (3, 1 << 30)):
        monkeypatch.setattr("ctxdebug.lake.scan._SMALL", small)
        scan([str(path)], tmp_path / "findings.parquet", Job(), workers=workers)

    assert asked == [0, 7, 3]


def test_what_kills_its_process_is_given_up_alone_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = _lake(tmp_path / "lake")
    write_lines(lake / "deadly.jsonl", [call("Deadly?", "Yes.", session_id="deadly"), LEAVE_BOT])
    write_lines(lake / "huge.jsonl", [call("Huge?", "Yes."), LEAVE_BOT])

    def kills(task: Any) -> bool:
        if isinstance(task, Shard):
            return any(file.name.endswith("huge.jsonl") for file in task.files)
        return "session deadly" in task.rows().column("group").to_pylist()

    def run_all(tasks: Any, function: Any, workers: int, *, done: Any, lost: Any) -> None:
        waiting = list(tasks)
        for task in waiting:
            if kills(task):
                waiting.extend(lost(task))
            else:
                function(task)
                done(task)

    monkeypatch.setattr(local, "run_all", run_all)
    found = scanned(lake, into=tmp_path)

    told = {(Path(row["source"]).name, row["row"]): row["message"] for row in found["problem"]}
    assert told == {("huge.jsonl", None): local.KILLED_READING, ("deadly.jsonl", 1): local.KILLED}
    assert len(found["exchange"]) == 9


@pytest.mark.parametrize(
    ("megabytes", "buckets"), [(0, 1), (3, 3), (200, 200), (2_000, 255), (100_000, 4167), (10_000_000, 8192)]
)
def test_a_lake_is_divided_by_its_size_alone(megabytes: int, buckets: int) -> None:
    assert abs(buckets_for([Located("a", "a", megabytes * 1024 * 1024, "", expected=True)]) - buckets) <= buckets // 50
