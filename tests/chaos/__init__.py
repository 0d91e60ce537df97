"""What happens when processes die: scripts that kill real ones and count what is lost.

Run as `python -m tests.chaos.reminders_under_kills`, or small by pytest.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
