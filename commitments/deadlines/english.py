"""English words for deadlines. The symbols are explained in vocabulary.py."""

from commitments.deadlines.vocabulary import Vocabulary, listed, phrase_table, wordings

_SYMBOLS = {
    # where it lies
    "in": "in; sometime in; some time in; in the month of; due in",
    "on": "on; due on; onward; onwards",
    "at": "at",
    "during": "during; in the course of; over the course of; over; throughout",
    "by": "by; no later than; not later than; by no later than; on or before; up to; due by; "
    "by close of business; by close of business on; by cob; by cob on",
    "until": "until; till; up until",
    "before": "before; prior to; ahead of; earlier than",
    "after": "after; following; later than",
    "from": "from; as of; as from; with effect from; starting; starting in; starting on; "
    "starting from; not before; no earlier than; not earlier than; no sooner than",
    "within": "within; within a period of; within a maximum of; within the space of",
    "within next": "within the next; in the next; over the next; during the next",
    "latest": "at the latest; at latest; latest",
    "earliest": "at the earliest; at earliest; earliest",
    "about": "about; around; approximately; roughly; circa; ca; c",
    # which part
    "early": "early; early in; in the early part of",
    "start": "start; beginning; the start of; the beginning of",
    "mid": "mid; middle",
    "late": "late; late in",
    "end": "end; close of",
    "end month": "month end",
    "end quarter": "quarter end",
    "end year": "year end",
    # which one
    "this": "this; current",
    "next": "next",
    "coming": "coming",
    "few": "few; a few; several; some; couple of; a couple of; a number of",
    "later": "later; later in; later on; later on in",
    "today": "today",
    "from today": "from now; from today; from now on; from today on; as of now",
    "tomorrow": "tomorrow",
    # joining
    "to": "to; through",
    "or": "or",
    "and": "and",
    "between": "between",
    "of": "of",
    # units
    "day": "day; calendar day",
    "days": "days; calendar days; days time",
    "week": "week; week s time",
    "weeks": "weeks; weeks time",
    "month": "month; calendar month; month of; month s time",
    "months": "months; calendar months; months time",
    "quarter": "quarter",
    "quarters": "quarters",
    "half": "half",
    "semester": "half year; semester",
    "year": "year; calendar year; year s time",
    "years": "years; years time",
    # counts and orders
    "c1": "a; an; one",
    "n2": "two",
    "n3": "three",
    "n4": "four",
    "n5": "five",
    "n6": "six",
    "n7": "seven",
    "n8": "eight",
    "n9": "nine",
    "n10": "ten",
    "n11": "eleven",
    "n12": "twelve",
    "n15": "fifteen",
    "n18": "eighteen",
    "n20": "twenty",
    "n30": "thirty",
    "n60": "sixty",
    "n90": "ninety",
    "n2 week": "a fortnight; one fortnight",
    "n6 month": "half a year",
    "o1": "first",
    "o2": "second",
    "o3": "third",
    "o4": "fourth",
    # days of the week
    "w0": "monday",
    "w1": "tuesday",
    "w2": "wednesday",
    "w3": "thursday",
    "w4": "friday",
    "w5": "saturday",
    "w6": "sunday",
}

ENGLISH = Vocabulary(
    phrases=phrase_table("en", _SYMBOLS),
    fillers=frozenset({"the"}),
    quarter_codes="q",
    half_codes="h",
    month_first=True,
    dotted_days=False,
    vague=wordings(
        "soon; very soon; sooner or later; as soon as possible; asap; a.s.a.p; shortly; "
        "as soon as practicable; as soon as feasible; as quickly as possible; "
        "as early as possible; "
        "at the earliest opportunity; at the earliest possible opportunity; at your convenience; "
        "at your earliest convenience; now; right now; immediately; at once; promptly; "
        "without delay; without undue delay; urgently; quickly; swiftly; in due course; "
        "in due time; in good time; in time; in the near future; in the not too distant future; "
        "in the foreseeable future; "
        "in the future; in future; going forward; in the short term; in the medium term; "
        "in the long term; in the longer term; in the short to medium term; in the short run; "
        "in the long run; short term; medium term; long term; longer term; eventually; "
        "ultimately; one day; some day; someday; at some point; at some stage; sometime; later; "
        "later on; at a later stage; at a later date; at a later point; when possible; "
        "where possible; as appropriate; in a timely manner; timely; presently; before long; "
        "over time; over the coming period; in the coming period; meanwhile; for now; "
        "until further notice"
    ),
    repeated=wordings(
        "regularly; on a regular basis; periodically; from time to time; continuously; "
        "continually; on an ongoing basis; ongoing; constantly; frequently; occasionally; "
        "on a continuous basis; at regular intervals; repeatedly; as needed; on a rolling basis; "
        "permanently; always; at all times"
    ),
    recurring=wordings(
        "daily; weekly; monthly; quarterly; annually; yearly; biannually; every day; every week; "
        "every month; every quarter; every year; each week; each month; each quarter; each year; "
        "every six months; every three months; once a year; twice a year; once a month; "
        "on an annual basis; on a monthly basis; on a quarterly basis; every two years"
    ),
    unstated=wordings(
        "none; none stated; none given; no deadline; no deadline stated; no date; not stated; "
        "not given; not specified; unspecified; n/a"
    ),
    seasons=frozenset({"spring", "summer", "autumn", "fall", "winter"}),
    before=listed("before; prior to; ahead of; in advance of; by the time"),
    after=listed("after; following; longer-term, after"),
    condition=listed(
        "once; when; whenever; as soon as; if; provided; subject to; depending on; upon; unless; "
        "pending; in case; in the event; on condition"
    ),
)
