"""A county with invented people, in which every fault that prep must find has been planted."""
