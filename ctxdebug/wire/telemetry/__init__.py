"""Model calls as telemetry records them."""
