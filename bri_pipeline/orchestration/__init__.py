"""All Dagster wiring, one module per concept; the work itself is done by functions that know nothing of Dagster."""
