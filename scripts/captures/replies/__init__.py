"""Scripted answers, one file per wire format: each returns an `Answer` that the stub can give."""
