"""What the configs of each paper share; only configs read it."""
