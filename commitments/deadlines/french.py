"""French words for deadlines. The symbols are explained in vocabulary.py."""

from commitments.deadlines.vocabulary import Vocabulary, listed, phrase_table, wordings

_SYMBOLS = {
    # where it lies
    "in": "dans",
    "at": "a; au; aux",
    # "en deux semaines" says how long a thing takes, so "en" goes with dates only
    "during": "en; durant; pendant; courant; au cours; au cours des; dans le courant; en cours de",
    "by": "pour",
    "until": "jusque; jusqu a; jusqu au; jusqu en; jusqu aux",
    "till": "d ici; d ici a; d ici au; d ici en; ici",
    "before": "avant",
    "after": "apres; suivant",
    # "dès" without its accent; "des" is no filler, or "dès mai" would lose its meaning
    "from": "a partir; a compter; des; pas avant",
    "within": "sous; dans les; dans un delai; dans un delai maximum; dans un delai maximal; "
    "dans le delai; sous un delai; endeans; endeans les; dans l espace",
    "latest": "au plus tard",
    "earliest": "au plus tot",
    "about": "environ; vers; autour; aux environs; aux alentours; circa",
    # which part
    "start": "debut; au debut; au tout debut; commencement; au commencement",
    "mid": "mi; milieu; au milieu; a la mi",
    "end": "fin; a la fin; en fin",
    # which one
    "this": "ce; cet; cette; en cours",
    "next": "prochain; prochaine; qui vient",
    "coming": "prochains; prochaines; a venir; qui viennent",
    "few": "quelques; plusieurs",
    "later": "plus tard; plus tard dans; plus tard au cours",
    "today": "aujourd hui",
    "from today": "a partir de maintenant; a compter de maintenant; a partir d aujourd hui; "
    "a compter d aujourd hui",
    "tomorrow": "demain",
    # joining
    "or": "ou",
    "and": "et",
    "between": "entre",
    # units
    "day": "jour; jour calendrier; jour calendaire",
    "days": "jours; jours calendrier; jours calendaires",
    "week": "semaine",
    "weeks": "semaines",
    "month": "mois",
    "quarter": "trimestre",
    "quarters": "trimestres",
    "half": "moitie",
    "semester": "semestre",
    "fortnight": "quinzaine",
    "year": "an; annee",
    "years": "ans; annees",
    # counts and orders
    "c1": "un; une",
    "n2": "deux",
    "n3": "trois",
    "n4": "quatre",
    "n5": "cinq",
    "n6": "six",
    # "sept" alone is the short name of September
    "n7 days": "sept jours",
    "n7 weeks": "sept semaines",
    "n7 month": "sept mois",
    "n8": "huit",
    "n9": "neuf",
    "n10": "dix",
    "n11": "onze",
    "n12": "douze",
    "n15": "quinze",
    "n18": "dix huit",
    "n20": "vingt",
    "n30": "trente",
    "n60": "soixante",
    "within n15 days": "sous quinzaine",
    "o1": "premier; premiere",
    "o2": "deuxieme; second; seconde",
    "o3": "troisieme",
    "o4": "quatrieme",
    # days of the week
    "w0": "lundi",
    "w1": "mardi",
    "w2": "mercredi",
    "w3": "jeudi",
    "w4": "vendredi",
    "w5": "samedi",
    "w6": "dimanche",
}

FRENCH = Vocabulary(
    phrases=phrase_table("fr", _SYMBOLS),
    fillers=frozenset({"le", "la", "les", "l", "de", "du", "d", "ci"}),
    quarter_codes="tq",
    half_codes="s",
    month_first=False,
    dotted_days=False,
    vague=wordings(
        "bientot; tres bientot; des que possible; aussitot que possible; le plus tot possible; "
        "le plus rapidement possible; le plus vite possible; au plus vite; au plus tot; "
        "dans les meilleurs delais; dans les plus brefs delais; dans un delai raisonnable; "
        "sans delai; sans tarder; sans retard; prochainement; sous peu; incessamment; "
        "rapidement; immediatement; maintenant; des maintenant; d ores et deja; en temps utile; "
        "en temps voulu; en temps opportun; le moment venu; dans un proche avenir; "
        "dans un avenir proche; dans le futur; a l avenir; ulterieurement; plus tard; "
        "a un stade ulterieur; a une date ulterieure; a terme; a court terme; a moyen terme; "
        "a long terme; a plus long terme; un jour; tot ou tard; a l occasion; pour l instant; "
        "dans la mesure du possible; quand ce sera possible; d ici peu; dans la periode a venir; "
        "jusqu a nouvel ordre"
    ),
    repeated=wordings(
        "regulierement; de facon reguliere; de maniere reguliere; periodiquement; en continu; "
        "de temps en temps; de temps a autre; continuellement; constamment; en permanence; "
        "a intervalles reguliers; frequemment; au fur et a mesure; de maniere continue; toujours"
    ),
    recurring=wordings(
        "chaque jour; chaque semaine; chaque mois; chaque trimestre; chaque annee; tous les ans; "
        "tous les mois; toutes les semaines; annuellement; mensuellement; une fois par an; "
        "deux fois par an; tous les trimestres; tous les six mois; par an; par mois"
    ),
    unstated=wordings(
        "neant; aucun; aucun delai; aucune date; aucune echeance; non precise; non indique; "
        "sans echeance; pas de delai"
    ),
    seasons=frozenset({"printemps", "ete", "automne", "hiver", "rentree"}),
    before=listed("avant; prealablement a; d ici a ce que"),
    after=listed("apres; a la suite; a l issue; suite a"),
    condition=listed(
        "lorsque; lorsqu; des que; des qu; une fois; quand; si; s il; s ils; aussitot que; "
        "sous reserve; a condition; en cas; pourvu"
    ),
)
