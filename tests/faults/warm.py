"""Imported by the process that commands are forked from: see ``tests.faults.cases.bri``."""

from tests.faults.bri import warm

warm()
