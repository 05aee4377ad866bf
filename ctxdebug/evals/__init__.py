"""Run cases, recorded or live, and say what the runs prove."""

from pathlib import Path

RUNS = Path(".ctxdebug/runs")
"""Where live runs are recorded."""
