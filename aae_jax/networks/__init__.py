"""Network layers and the networks of the papers' tables."""
