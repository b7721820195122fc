"""Lets sql/ and data/ travel inside the wheel, as bri_pipeline/_resources."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

RESOURCES = ("sql", "data/reference", "data/studies", "data/reference_corpus")


class BuildWithResources(build_py):
    """Copies the resource folders beside the modules; an editable install reads them where they stand."""

    def run(self) -> None:
        """Build as usual, then copy."""
        super().run()
        if not self.editable_mode:
            for folder in RESOURCES:
                target = Path(self.build_lib) / "bri_pipeline" / "_resources" / folder
                shutil.copytree(folder, target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithResources})
