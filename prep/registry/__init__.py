"""The registry: who and what a county counts on, and how fresh each record is."""
