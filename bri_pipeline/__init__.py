"""Who in a province invents with whom abroad, from US patent application publications."""

__version__ = "0.1.0"
