"""Run cases, recorded or live, and say what the runs prove."""
