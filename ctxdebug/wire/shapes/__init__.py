"""Shapes that several vendors' formats share: chat messages, Anthropic blocks, Responses items, error bodies."""
