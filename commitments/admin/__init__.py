"""The admin of commitments, parties, letters and reminders."""

from commitments.admin import commitments, letters, parties, reminders

__all__ = ["commitments", "letters", "parties", "reminders"]
