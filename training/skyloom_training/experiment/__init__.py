"""Experiments: a file of runs, all at one budget, made into a table and a plot."""
