"""Deadlines as vague as the record: our own small grammar over a closed list of forms.

`read` turns the words of a deadline, in English, French, German or Spanish, into an EDTF date with
strict bounds; `describe` says a reading in words for the page. Both are pure functions of their
arguments.

- A wording is read whole or not at all. Vague words are known as vague; what the grammar does not
  know is left to a person. Nothing is guessed, and no day is invented.
- A year the words leave out is the first in which the time named has not ended before the
  commitment was made: "in January", said in November 2021, is January 2022.
- "By May" and "until May" end with the last day of May, "before May" with the last of April;
  "after May" begins with June and has no end.
- "Early", "mid" and "late" (also "the start", "the middle" and "the end of") are the thirds of ISO
  8601-2: four months of a year, ten days of a month. Their soft sides are marked "~".
- "Within two weeks" runs from the record's date to the same weekday; "in two weeks" is that
  calendar week, "in three months" that calendar month.
- Seasons, working days, single weekdays, two-figure years and repetitions are not read.

The way through: tokens.py cuts a wording and puts it into symbols by one language's table
(english.py, french.py, german.py, spanish.py; vocabulary.py explains the symbols); grammar.py and
periods.py know the forms; spans.py does the arithmetic; reading.py settles the year and the
language; display.py shows the result.
"""

from commitments.deadlines.display import describe
from commitments.deadlines.reading import Reading, Status, read

__all__ = ["Reading", "Status", "describe", "read"]
