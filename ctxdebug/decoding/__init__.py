"""From bytes to values: strict JSON, safe YAML, streams, archives, HTTP bodies, printed Python, agent logs."""
