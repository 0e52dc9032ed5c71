"""Forecasts from past years, refitted on what was known then and held against what came."""
