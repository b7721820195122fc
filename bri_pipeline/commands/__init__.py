"""What each command of ``bri`` does; the arguments are read in ``bri_pipeline.cli``."""
