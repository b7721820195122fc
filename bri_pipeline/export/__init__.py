"""What a researcher takes away: workbook, Parquet and CSV with a data package, network files."""
