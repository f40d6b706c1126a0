"""What a line of a run's log says of itself, so that no metric may be called so."""

RESERVED = frozenset({"step", "time", "kind"})
