"""The only code that writes parties, commitments, citations, letters and rules."""

from commitments.actions.citing import cite, withdraw_citation
from commitments.actions.curating import merge_parties, save_party, save_rule, save_topic
from commitments.actions.editing import (
    assign,
    capture,
    confirm_reading,
    correct,
    edit,
    note,
    reschedule,
    split,
)
from commitments.actions.letters import Answer, log_follow_up, record_reply
from commitments.actions.linking import link, unlink
from commitments.actions.transition import transition
from commitments.actions.watching import mark_seen, unwatch, watch

__all__ = [
    "Answer",
    "assign",
    "capture",
    "cite",
    "confirm_reading",
    "correct",
    "edit",
    "link",
    "log_follow_up",
    "mark_seen",
    "merge_parties",
    "note",
    "record_reply",
    "reschedule",
    "save_party",
    "save_rule",
    "save_topic",
    "split",
    "transition",
    "unlink",
    "unwatch",
    "watch",
    "withdraw_citation",
]
