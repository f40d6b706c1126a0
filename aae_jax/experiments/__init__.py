"""What the configs of each paper share; no other room of the package reads it."""
