"""Shapes that several containers share: envelopes, spans, batches."""
