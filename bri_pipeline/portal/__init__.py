"""The USPTO's Open Data Portal: its bulk files and its application search, behind one careful client."""
