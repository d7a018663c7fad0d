"""The ways a run stops on purpose.

Belongs here: one class per kind of stop, each carrying one message that a person can
act on. Does not belong here: printing, retrying, or errors of the libraries below,
which are left as they are and reported as unexpected.
"""

from __future__ import annotations


class StopError(Exception):
    """A run stops; the message says what is wrong, where, and what to do."""


class SettingsError(StopError):
    """A parameter of the run cannot be used."""


class LandingError(StopError):
    """The landing directory breaks the landing contract (design, section 3)."""


class LeaseError(StopError):
    """Another run holds the releases folder, or this run has lost it."""


class BuildError(StopError):
    """A dbt model or test failed."""


class DataTestError(BuildError):
    """A dbt data test found rows that break its promise; its result says which."""


class ReleaseError(StopError):
    """A release could not be written, verified or switched to."""


class ScenarioError(StopError):
    """A scenario asks for what cannot be changed, or its file cannot be read."""
