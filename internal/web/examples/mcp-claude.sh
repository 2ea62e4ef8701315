claude mcp add --transport http papers https://papers.example/mcp
