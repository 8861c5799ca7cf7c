"""Region packs: a county, its municipalities and what its agreement promises, as data files."""
