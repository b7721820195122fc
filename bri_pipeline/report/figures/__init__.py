"""Figures: Altair specifications made from rows, and their rendering as SVG and PNG."""
