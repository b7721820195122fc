"""The lake: verified source files (archive), publications read from them (landing), hits per country and year (raw).

Everything here is Parquet and small JSON files, each swapped in by an atomic rename, so that a run killed at
any moment leaves either the old state or the new one.
"""
