"""``python -m bri_pipeline`` is ``bri``."""

from bri_pipeline.cli import main

main(prog_name="bri")
