"""SQL models: one file per table under ``sql/``, loaded, ordered, built and checked in DuckDB.

The path of a file is the name of its table; its header says what one row is and what each column means;
what it depends on is read from the SQL itself. Nothing here knows of Dagster.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bri_pipeline.warehouse.loader import load_models
    from bri_pipeline.warehouse.model import Check, Column, Model, ModelError
    from bri_pipeline.warehouse.model_build import BuiltTable, CheckOutcome, build_model, prune, run_check

__all__ = [
    "BuiltTable",
    "Check",
    "CheckOutcome",
    "Column",
    "Model",
    "ModelError",
    "build_model",
    "load_models",
    "prune",
    "run_check",
]
_MODULES = ("loader", "model", "model_build")


def __getattr__(name: str) -> Any:
    """The names of ``__all__``, imported on first use: reading the published file needs no parser of SQL."""
    if name in __all__:
        for module in _MODULES:
            if hasattr(found := import_module(f"{__name__}.{module}"), name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
