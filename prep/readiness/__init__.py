"""What is not in order, over everything that prep knows."""
