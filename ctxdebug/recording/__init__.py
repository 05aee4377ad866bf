"""Record at the source: what an application really sends to a model, and what comes back, as one line a call.

`proxy/` stands between a command and its providers, `in_process/` inside a Python process; both write the container
`ctxdebug-recording`. The one rule of the room: a fault of ours never reaches the application's call.
"""
