"""The synthetic reconstruction of the paper's records, and the writers of the USPTO's formats."""
