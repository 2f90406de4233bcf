"""Articles in, quotes out: reading, cutting, embedding, retrieval, answers. Knows nothing of Slack."""
