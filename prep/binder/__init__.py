"""The binder: everything printed of a municipality or of the whole county, as one PDF and as one page."""
