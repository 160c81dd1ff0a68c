"""The desk: which step may follow which, who may take it, and what stands in its way."""
