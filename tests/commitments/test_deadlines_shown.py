"""How a deadline's reading is shown beside the words of the record."""

import pytest

from commitments.deadlines import describe


@pytest.mark.parametrize(
    ("due_text", "due_edtf", "words"),
    [
        ("in March", "2019-03", "by 31 March 2019 (month)"),
        ("in 2024", "2024", "by 31 December 2024 (year)"),
        ("on 12 May", "2019-05-12", "by 12 May 2019"),
        ("by the end of September", "../2021-09-30", "by 30 September 2021"),
        ("before May", "../2019-04", "by 30 April 2019 (month)"),
        ("by 2025", "../2025", "by 31 December 2025 (year)"),
        ("after May", "2019-06/..", "from 1 June 2019 on"),
        ("after about May", "2019-06~/..", "from about June 2019 on"),
        ("Longer-term, after European elections", "2019-05-27/..", "from 27 May 2019 on"),
        ("Short-term actions", "2019-03-04/2019-05-26", "by 26 May 2019"),
        ("soon", "2021-09-20/2021-12~", "about December 2021"),
        ("in the coming months", "2021-10~/2022-03~", "about March 2022"),
        ("around 2024", "2024~", "about 2024"),
        ("by about March 2022", "../2022-03~", "by about March 2022"),
        ("early March", "2019-03-01/2019-03-10~", "by about 10 March 2019"),
        ("late March", "2019-03-21~/2019-03-31", "by 31 March 2019"),
        ("Q3 2022", "2022-07/2022-09", "by 30 September 2022 (quarter)"),
        ("H1 2022", "2022-01/2022-06", "by 30 June 2022 (half-year)"),
        ("from April to June", "2022-04/2022-06", "by 30 June 2022 (quarter)"),
        ("March to May 2022", "2022-03/2022-05", "by 31 May 2022"),
        ("late 2022", "2022-09~/2022-12", "by 31 December 2022"),
        ("later this year", "2019-03-04/2019", "by 31 December 2019"),
        ("", "", "none stated"),
        ("none stated", "", "none stated"),
        ("as soon as possible", "", "not read as a date"),
        ("regularly", "", "no interval stated"),
        ("de temps en temps", "", "no interval stated"),
        ("once the infrastructure is ready", "", "on a condition"),
        ("sobald die Infrastruktur bereit ist", "", "on a condition"),
        ("before we publicly communicate on our dialogue", "", "before an undated event"),
        ("avant les élections", "", "before an undated event"),
        ("Longer-term, after European elections", "", "after an undated event"),
        ("next Ember days", "", "not read as a date"),
        ("in March", "", "not read as a date"),
    ],
)
def test_a_reading_is_shown_beside_the_words(due_text: str, due_edtf: str, words: str) -> None:
    assert describe(due_text, due_edtf) == words


def test_a_stored_reading_that_is_no_date_is_an_error() -> None:
    with pytest.raises(ValueError, match="is not a month"):
        describe("in March", "2019-13")
