"""The pages about commitments: thin, each reads through the querysets and calls one action."""
