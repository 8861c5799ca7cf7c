"""prep: preparedness and emergency-coordination planning for wellbeing services counties."""

__version__ = "0.1.0"
