"""Alert chains as they are written: their form, how one is changed, their versions and how these differ."""
