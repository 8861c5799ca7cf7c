"""Evacuation: what premises can hold, and by which norms."""
