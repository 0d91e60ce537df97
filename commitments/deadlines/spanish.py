"""Spanish words for deadlines. The symbols are explained in vocabulary.py."""

from commitments.deadlines.vocabulary import Vocabulary, listed, phrase_table, wordings

_SYMBOLS = {
    # where it lies
    "in": "en; dentro",
    "at": "a; al",
    "during": "durante; en el curso; en el transcurso; en el transcurso del; a lo largo",
    "by": "para; no mas tarde; no mas tarde que",
    "until": "hasta",
    "before": "antes; con anterioridad a; con anterioridad al",
    "after": "despues; tras; con posterioridad a; con posterioridad al",
    "from": "a partir; desde; a contar; a contar desde; no antes",
    "within": "en un plazo; en el plazo; en un plazo maximo; en el plazo maximo; en plazo; "
    "dentro del plazo; dentro de un plazo",
    "latest": "a mas tardar; como muy tarde; como maximo; lo mas tarde",
    "earliest": "como muy pronto; como pronto; lo mas pronto",
    "about": "alrededor; hacia; sobre; en torno a; en torno al; aproximadamente; circa",
    # which part
    "start": "principio; principios; a principios; al principio; inicio; inicios; a inicios; "
    "al inicio; comienzo; comienzos; a comienzos; al comienzo",
    "mid": "mediados; a mediados; a mitad; mitad",
    "end": "fin; final; finales; fines; a fin; a finales; a fines; al final",
    # which one
    "this": "este; esta; en curso; corriente; actual; presente",
    "next": "proximo; proxima; que viene",
    "coming": "proximos; proximas; que vienen; venideros",
    "few": "algunos; algunas; unos; unas; unos pocos; unas pocas; pocos; pocas; varios; varias; "
    "unos cuantos; unas cuantas",
    "later": "mas adelante; mas adelante en; mas tarde; mas tarde en",
    "today": "hoy",
    "from today": "a partir de hoy; desde hoy; a partir de ahora; desde ahora",
    "tomorrow": "manana",
    # joining
    "or": "o; u",
    "and": "y; e",
    "between": "entre",
    # units
    "day": "dia; dia natural",
    "days": "dias; dias naturales",
    "week": "semana",
    "weeks": "semanas",
    "month": "mes",
    "months": "meses",
    "quarter": "trimestre",
    "quarters": "trimestres",
    "semester": "semestre",
    "fortnight": "quincena",
    "o1 half": "primera mitad",
    "o2 half": "segunda mitad",
    "year": "ano",
    "years": "anos",
    # counts and orders
    "c1": "un; una",
    "n1": "uno",
    "n2": "dos",
    "n3": "tres",
    "n4": "cuatro",
    "n5": "cinco",
    "n6": "seis",
    "n7": "siete",
    "n8": "ocho",
    "n9": "nueve",
    "n10": "diez",
    "n11": "once",
    "n12": "doce",
    "n15": "quince",
    "n18": "dieciocho",
    "n20": "veinte",
    "n30": "treinta",
    "n60": "sesenta",
    "o1": "primer; primero; primera",
    "o2": "segundo; segunda",
    "o3": "tercer; tercero; tercera",
    "o4": "cuarto; cuarta",
    # days of the week
    "w0": "lunes",
    "w1": "martes",
    "w2": "miercoles",
    "w3": "jueves",
    "w4": "viernes",
    "w5": "sabado",
    "w6": "domingo",
}

SPANISH = Vocabulary(
    phrases=phrase_table("es", _SYMBOLS),
    fillers=frozenset({"el", "la", "los", "las", "de", "del"}),
    quarter_codes="tq",
    half_codes="s",
    month_first=False,
    dotted_days=False,
    vague=wordings(
        "pronto; muy pronto; lo antes posible; cuanto antes; lo mas pronto posible; "
        "tan pronto como sea posible; tan pronto como resulte posible; en cuanto sea posible; "
        "a la mayor brevedad; a la mayor brevedad posible; con la mayor brevedad; a la brevedad; "
        "con la mayor brevedad posible; en breve; en breve plazo; proximamente; rapidamente; "
        "inmediatamente; de inmediato; de forma inmediata; sin demora; sin demoras; sin dilacion; "
        "sin dilaciones indebidas; ahora; ahora mismo; ya; con urgencia; urgentemente; "
        "a su debido tiempo; en su momento; en el momento oportuno; oportunamente; "
        "en un futuro proximo; en un futuro cercano; en el futuro; en lo sucesivo; mas adelante; "
        "mas tarde; posteriormente; en una fase posterior; en una fecha posterior; a corto plazo; "
        "a medio plazo; a mediano plazo; a largo plazo; a mas largo plazo; algun dia; "
        "tarde o temprano; en un plazo razonable; cuando sea posible; por el momento; "
        "en el periodo venidero; hasta nuevo aviso"
    ),
    repeated=wordings(
        "regularmente; de forma regular; de manera regular; con regularidad; periodicamente; "
        "de forma periodica; de vez en cuando; continuamente; de forma continua; "
        "de manera continua; constantemente; permanentemente; frecuentemente; con frecuencia; "
        "a intervalos regulares; siempre"
    ),
    recurring=wordings(
        "cada dia; cada semana; cada mes; cada trimestre; cada semestre; cada ano; "
        "todos los anos; todos los meses; todas las semanas; diariamente; semanalmente; "
        "mensualmente; trimestralmente; anualmente; una vez al ano; dos veces al ano; "
        "una vez al mes; cada dos anos; cada seis meses"
    ),
    unstated=wordings(
        "ninguno; ninguna; sin plazo; sin fecha; sin plazo indicado; no indicado; no consta; "
        "no especificado; sin especificar"
    ),
    seasons=frozenset({"primavera", "verano", "otono", "invierno"}),
    before=listed("antes; con anterioridad; previamente a"),
    after=listed("despues; tras; con posterioridad; a raiz de"),
    condition=listed(
        "una vez; cuando; en cuanto; si; tan pronto como; siempre que; a condicion; "
        "a reserva; en caso; supeditado; sujeto a; con sujecion"
    ),
)
