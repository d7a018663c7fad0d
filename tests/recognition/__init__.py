"""Histories of recognition, read by plain Python and run through the models."""
