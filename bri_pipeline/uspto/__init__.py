"""Reads the USPTO's weekly XML files: publications and grants of every era as one record form."""
