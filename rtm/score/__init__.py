"""What a story is to the brand: relevance, safety, audience, time left, and all of it together."""
