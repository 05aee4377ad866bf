"""Every engine leaves the same bytes: made traffic, sessions split over files, two workers. Each starts a cluster, so these are slow."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from ctxdebug.lake.job import Job
from ctxdebug.lake.scan import scan
from tests.bench.traffic import make
from tests.lake.lakes import files_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    make(folder, 0.6)
    (folder / "broken.jsonl").write_text(
        '{"request": {"model": "m", "messages": []}, "response": {}}\n{cut\n{"a": 1}\n'
    )
    return folder


def _scanned(traffic: Path, into: Path, engine: str, workers: int) -> dict[str, bytes]:
    scan([str(traffic)], into / "findings.parquet", Job(), engine=engine, workers=workers)
    return files_of(into / "findings.parquet")


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("engine", "package"), [("ray", "ray"), ("spark", "pyspark")])
def test_an_engine_leaves_the_bytes_of_local_processes(
    engine: str, package: str, traffic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: make scale")
    monkeypatch.setattr("ctxdebug.lake.parcels.BUCKET", 100_000)
    monkeypatch.setattr("ctxdebug.lake.work._SHARD", 100_000)
    (tmp_path / "local").mkdir()
    expected = _scanned(traffic, tmp_path / "local", "local", 0)

    assert _scanned(traffic, tmp_path, engine, 2) == expected
