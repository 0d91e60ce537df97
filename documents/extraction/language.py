"""Guesses the language of a text from its commonest small words, or says nothing."""

import re
from collections import Counter

_SMALL_WORDS = {
    "en": "the and of to in that is for with this be are on by will have which their",
    "fr": "le la les et des du une est dans pour que qui sur avec par aux ce ne",
    "de": "der die das und den von zu mit ist für auf nicht dem ein eine werden im sich",
    "es": "el la los las y del que en por con para una es se al como su lo",
    "it": "il la di che e per con del della una sono nel alla dei delle gli è non",
    "nl": "de het een van en dat voor met zijn op niet aan te door ook bij wordt naar",
    "pt": "o a os as e do da dos que em para com uma não por ao no na",
    "pl": "i w z na do że się nie jest to oraz dla od przez które przy są po",
}
_LANGUAGES = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 5  # small words below which nothing is claimed
_SAMPLE = 20_000  # characters; more would not change the answer


def language_of(text: str) -> str:
    """ISO 639-1 code, or "" where the text is too short or two languages come close."""
    counts = Counter(word.lower() for word in _WORD.findall(text[:_SAMPLE]))
    scores = sorted(
        ((sum(counts[word] for word in words), language) for language, words in _LANGUAGES.items()),
        reverse=True,
    )
    (best, language), (second, _) = scores[0], scores[1]
    return language if best >= _ENOUGH and best >= 1.3 * second else ""
