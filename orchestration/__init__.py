"""Orchestration of the Blueprint warehouse: land, transform, check, release.

Belongs here: what decides when dbt runs, on what, and what is published. Does not
belong here: any rule of the programme; rules are SQL models and seed rows.
"""
