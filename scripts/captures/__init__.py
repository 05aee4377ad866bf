"""Remakes the captures in `fixtures/`: real SDKs talk to a loopback stub, and what left them is kept.

The requests are whatever the SDK wrote; only the conversations and the answers are scripted. Ids,
times and token counts are functions of the text, so that a second run writes the same bytes.
"""
