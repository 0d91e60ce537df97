"""German words for deadlines. The symbols are explained in vocabulary.py."""

from commitments.deadlines.vocabulary import Vocabulary, listed, phrase_table, wordings


def _inflected(stems: str) -> str:
    """Every ending of the adjectives given by their stems."""
    return ";".join(f"{stem}{ending}" for stem in listed(stems) for ending in _ENDINGS)


_ENDINGS = ("e", "en", "er", "es", "em")

_SYMBOLS = {
    # where it lies
    "in": "in; im",
    "on": "an",
    "at": "am; zum; zur; zu",
    "during": "im laufe; im verlauf; im verlaufe; wahrend",
    "by": "nicht spater als",
    "until": "bis; bis zum; bis zur; bis in; bis in den; bis einschliesslich; bis zum ablauf",
    "before": "vor",
    "after": "nach",
    "from": "ab; von; vom; nicht vor; ab dem",
    "within": "innerhalb; innerhalb von; innerhalb der; binnen; innert",
    "latest": "spatestens; bis spatestens",
    "earliest": "fruhestens",
    "about": "etwa; in etwa; ungefahr; circa; ca; rund; um; gegen",
    # which part
    "start": "anfang; beginn; zu beginn",
    "start month": "monatsanfang; monatsbeginn",
    "start year": "jahresanfang; jahresbeginn",
    "mid": "mitte",
    "mid month": "monatsmitte",
    "mid year": "jahresmitte",
    "end": "ende",
    "end month": "monatsende",
    "end quarter": "quartalsende",
    "end year": "jahresende",
    # which one; "nächste" and "kommende" are one word with two meanings, told apart by the plural
    "this": _inflected("dies; laufend"),
    "next": _inflected("nachst; kommend"),
    "few": _inflected("einig; wenig; mehrer") + "; ein paar",
    "later": "spater; spater in; spater im",
    "today": "heute",
    "from today": "ab heute; von heute an; ab jetzt",
    "tomorrow": "morgen",
    "this year": "heuer",
    # joining
    "or": "oder",
    "and": "und",
    "between": "zwischen",
    # units
    "day": "tag; tages; kalendertag",
    "days": "tage; tagen; kalendertage; kalendertagen",
    "week": "woche; kalenderwoche",
    "weeks": "wochen; kalenderwochen",
    "month": "monat; monats; kalendermonat",
    "months": "monate; monaten",
    "quarter": "quartal; quartals; vierteljahr; vierteljahres",
    "quarters": "quartale; quartalen",
    "half": "halfte",
    "semester": "halbjahr; halbjahres; jahreshalfte",
    "year": "jahr; jahres; kalenderjahr; kalenderjahres",
    "years": "jahre; jahren",
    # counts and orders
    "c1": "ein; " + _inflected("ein"),
    "n2": "zwei; zweier",
    "n3": "drei; dreier",
    "n4": "vier",
    "n5": "funf",
    "n6": "sechs",
    "n7": "sieben",
    "n8": "acht",
    "n9": "neun",
    "n10": "zehn",
    "n11": "elf",
    "n12": "zwolf",
    "n14": "vierzehn",
    "n18": "achtzehn",
    "n20": "zwanzig",
    "n30": "dreissig",
    "n60": "sechzig",
    "c1 month": "monatsfrist",
    "c1 year": "jahresfrist",
    "n6 month": "eines halben jahres; einem halben jahr",
    "o1": _inflected("erst"),
    "o2": _inflected("zweit"),
    "o3": _inflected("dritt"),
    "o4": _inflected("viert"),
    # days of the week
    "w0": "montag",
    "w1": "dienstag",
    "w2": "mittwoch",
    "w3": "donnerstag",
    "w4": "freitag",
    "w5": "samstag; sonnabend",
    "w6": "sonntag",
}

GERMAN = Vocabulary(
    phrases=phrase_table("de", _SYMBOLS),
    fillers=frozenset({"der", "die", "das", "den", "dem", "noch"}),
    # Not as a first word: French "dès mai" would be the German "des Mai".
    inner_fillers=frozenset({"des"}),
    quarter_codes="q",
    half_codes="h",
    month_first=False,
    dotted_days=True,
    vague=wordings(
        "bald; sehr bald; moglichst bald; baldigst; baldmoglichst; so bald wie moglich; "
        "sobald wie moglich; so schnell wie moglich; schnellstmoglich; ehestmoglich; "
        "so rasch wie moglich; raschestmoglich; demnachst; in kurze; zeitnah; umgehend; "
        "unverzuglich; sofort; ab sofort; jetzt; nun; rasch; dringend; rechtzeitig; fristgerecht; "
        "in absehbarer zeit; zu gegebener zeit; zur gegebenen zeit; in naher zukunft; in zukunft; "
        "kunftig; zukunftig; kurzfristig; mittelfristig; langfristig; langerfristig; spater; "
        "zu einem spateren zeitpunkt; irgendwann; eines tages; ohne verzug; "
        "ohne schuldhaftes zogern; auf absehbare zeit; in der nachsten zeit; vorerst; "
        "nach moglichkeit; in nachster zeit; in der kommenden zeit; "
        "bis auf weiteres"
    ),
    repeated=wordings(
        "regelmassig; in regelmassigen abstanden; periodisch; laufend; fortlaufend; "
        "kontinuierlich; von zeit zu zeit; standig; stets; immer; gelegentlich; haufig; "
        "auf laufender basis; bei bedarf; dauerhaft"
    ),
    recurring=wordings(
        "taglich; wochentlich; monatlich; vierteljahrlich; quartalsweise; halbjahrlich; jahrlich; "
        "jeden tag; jede woche; jeden monat; jedes quartal; jedes jahr; einmal im jahr; "
        "zweimal im jahr; einmal jahrlich; zweimal jahrlich; alle zwei jahre; alle sechs monate"
    ),
    unstated=wordings(
        "keine; keine frist; keine angabe; kein datum; kein termin; nicht angegeben; "
        "nicht genannt; ohne frist; k. a; k.a"
    ),
    seasons=frozenset({"fruhling", "fruhjahr", "sommer", "herbst", "winter"}),
    before=listed("vor; bevor; ehe"),
    after=listed("nach; im anschluss an"),
    condition=listed(
        "sobald; wenn; falls; nachdem; sofern; vorbehaltlich; sollte; sollten; "
        "unter der bedingung; abhangig von; je nach; im falle; im fall"
    ),
)
