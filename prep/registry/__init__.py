<<<<<<< HEAD
"""Who holds what, where the premises are, and how old all of it is."""
=======
"""The registry: who and what a county counts on, and how fresh each record is."""
>>>>>>> sites
