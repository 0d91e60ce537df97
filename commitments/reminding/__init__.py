"""Reminders at work: the rules, planning notices, making mail of them, sending it, the tick."""
