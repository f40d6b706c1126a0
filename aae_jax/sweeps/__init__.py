"""Sweeps: the same experiment at every point of a grid, each in a workdir of its own."""
