"""The fault campaign: what may go wrong with a refresh, done on purpose.

Belongs here: faults, the outcome that each must have, and running them. Does not belong
here: tests of single functions (tests/python).
"""
