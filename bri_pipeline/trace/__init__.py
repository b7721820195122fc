"""From a number of a table or a claim back to the publications behind it: the SQL and its rows."""

from bri_pipeline.trace.text import trace_text

__all__ = ["trace_text"]
