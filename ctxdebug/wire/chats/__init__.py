"""Chat programs that people run themselves."""
