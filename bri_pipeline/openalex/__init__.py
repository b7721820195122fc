"""OpenAlex, the catalogue of papers: its API, and the files of its snapshot."""
