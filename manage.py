#!/usr/bin/env python
"""Django's command line, with Tracker's settings."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    if sys.argv[1:2] == ["demo"]:
        # Said before the settings are read: they ask for no secrets then, and answer on the
        # loopback only.
        os.environ["TRACKER_DEMO"] = "true"
    execute_from_command_line(sys.argv)
