"""Drawings as SVG text. They know colours only by class: the stylesheet gives them, in light, dark and print."""
