"""From a path to snapshots."""
