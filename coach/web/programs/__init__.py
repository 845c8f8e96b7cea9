"""Doors for other programs: chat clients that speak OpenAI's API, and MCP. Imported only where such a door is open."""
