"""Numbered pages below a list."""

from tracker.paging import COUNT_CAP, number_of, pager


def test_an_address_without_a_sensible_number_means_the_first_page() -> None:
    nonsense = (None, "", "0", "00", "-1", "x", "²")
    assert [number_of(asked) for asked in nonsense] == [1] * 7
    assert number_of("3") == 3
    assert number_of("9" * 40) == 999_999_999


def test_a_list_that_fits_on_one_page_needs_no_links() -> None:
    found = pager(number=1, size=50, total=41, shown=41, parameters=[])
    assert not found.needed
    assert found.words == "1–41 of 41"


def test_the_links_keep_every_other_parameter_of_the_address() -> None:
    found = pager(number=2, size=50, total=143, shown=50, parameters=[("q", "a b"), ("page", "2")])
    assert found.previous == "?q=a+b"
    assert found.next == "?q=a+b&page=3"
    assert [link.label for link in found.links] == ["1", "2", "3"]
    assert [link.label for link in found.links if link.current] == ["2"]
    assert found.words == "51–100 of 143"


def test_far_pages_are_left_out_with_a_gap() -> None:
    found = pager(number=10, size=50, total=1000, shown=50, parameters=[])
    assert [link.label for link in found.links] == ["1", "…", "9", "10", "11", "…", "20"]
    assert [link.query for link in found.links if link.label == "…"] == ["", ""]


def test_a_capped_count_says_that_there_are_more() -> None:
    found = pager(number=1, size=50, total=COUNT_CAP, shown=50, parameters=[])
    assert found.words == "1–50 of 1,000+"


def test_an_empty_list_says_so() -> None:
    assert pager(number=1, size=50, total=0, shown=0, parameters=[]).words == "none of 0"
