"""The vocabulary of expectations, one word per file; promptfoo's word wherever it has one."""
