"""All Dagster wiring, one module per concept; the work itself is done by functions that know nothing of Dagster."""

import warnings

import dagster as dg

# Dagster is pinned: what is in beta there is looked at when the pin moves, not printed at every run.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
