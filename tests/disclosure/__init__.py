"""Can what is withheld be had from what is published? An attempt to, for tests.

Belongs here: the cells and sums of a release (released), and the solver that tries to
recover what is withheld of them (recovery). Does not belong here: how cells are
withheld (models, macros/disclosure.sql); none of it is used here.
"""
