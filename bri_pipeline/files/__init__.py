"""Files on disk, whatever they hold: replaced whole, zips opened as streams, damage described in words."""
