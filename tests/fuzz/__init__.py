"""Seeded mutations of every fixture through load, engine, reports and case load, with an oracle that knows what must not happen."""
