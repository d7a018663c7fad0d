"""Attribution a second time, and thousands of small worlds to compare the two in.

Belongs here: the reference in plain Python, the worlds, and the planted errors that the
comparison must catch. Does not belong here: the tests themselves
(tests/python/test_attribution_worlds.py), or anything that the warehouse runs.
"""
