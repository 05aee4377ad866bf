"""What coding agents use to look at their own context: the tools of an MCP server, a status line and a hook."""
