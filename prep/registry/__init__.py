"""Who holds what, where the premises are, and how old all of it is."""
