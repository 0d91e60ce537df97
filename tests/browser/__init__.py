"""Tracker in a real browser: the days of its people, and every page in each of its states."""
