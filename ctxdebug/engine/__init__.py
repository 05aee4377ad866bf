"""Snapshots × rules → a report: the run, its sessions, the selection of rules, the steps and the likely cause."""
