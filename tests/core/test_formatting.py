"""Numbers as sentences write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corner_lab.formatting import (
    capital,
    decimals,
    exact,
    gap_text,
    listing,
    many,
    margin_text,
    output_text,
    percent,
    quoted,
    sentences,
    sequence,
    setting,
    share,
    share_message,
    signed,
    small,
    span,
    typed_number,
)
from corner_lab.language import msg


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (decimals(0.03125), "0.031"),
        (decimals(-0.25), "−0.250"),
        (decimals(-0.0004), "0.000"),
        (decimals(-4.16, 2), "−4.16"),
        (exact(0.001953125), "0.001953125"),
        (exact(1 / 3), "0.3333333"),
        (setting(1e-5), "1e−5"),
        (setting(1000.0), "1000"),
        (setting(0.0125), "0.0125"),
        (percent(511 / 512), "99.8%"),
        (percent(1.0), "100%"),
        (percent(0.9999), "99.9%"),
        (percent(0.5), "50%"),
        (gap_text(0.094), "+0.094"),
        (gap_text(-1.512), "−1.51"),
        (margin_text(1 / 6), "+0.167"),
        (output_text(12.3456), "12.35"),
        (output_text(-2e7), "−2e7"),
        (output_text(float("nan")), "NaN"),
        (signed(9.96e5), "+1e6"),
        (signed(float("-inf")), "−∞"),
        (signed(12.25), "+12.3"),
        (decimals(1e300, 0), str(int(1e300))),
        (percent(1 / 16), "6.3%"),
        (share(0.0), "none"),
        (share(1e-5), "less than 0.1%"),
        (share(0.39), "39%"),
        (share(0.999), "99.9%"),
        (many(1, "pattern"), "1 pattern"),
        (many(1024, "corner"), "1,024 corners"),
        (many(2, "vertex", "vertices"), "2 vertices"),
        (quoted(-4.156), "−4.16"),
        (quoted(2.1e-6), "2.1e−6"),
        (quoted(-1e-5), "−1e−5"),
        (quoted(2.5e8), "2.5e8"),
        (quoted(1024), "1,024"),
        (signed(0.734), "+0.73"),
        (signed(-12.34), "−12.3"),
        (signed(-100), "−100"),
        (signed(-123.4), "−123"),
        (signed(-0.004), "0.00"),
        (signed(-0.0), "0"),
        (small(0.00378), "0.0038"),
        (span(0.2), "5 s"),
        (span(42), "40 s"),
        (span(54), "55 s"),
        (span(58), "1 min"),
        (span(200), "3 min"),
        (span(7300), "2 h"),
    ],
)
def test_are_numbers_written_as_sentences_have_them(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize(("text", "number"), [("−7", -7), ("-7", -7), (" 0,5 ", 0.5), ("1e-3", 0.001), (".5", 0.5)])
def test_is_what_is_typed_taken_with_the_pages_own_minus(text: str, number: float) -> None:
    assert typed_number(text) == number


@pytest.mark.parametrize("text", ["1e7", "−1000001", "1e300", "9" * 400])
def test_is_a_number_refused_that_the_bench_does_not_take_either(text: str) -> None:
    with pytest.raises(ValueError, match=r"allowed are numbers from −1,000,000 to 1,000,000$"):
        typed_number(text)
    assert typed_number("−1e6") == -1e6


@pytest.mark.parametrize("text", ["", "−", "seven", "nan", "inf", "1 2", "٣"])
def test_is_what_is_no_number_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a number: type something like −0\.5 or 12"):
        typed_number(text)


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_is_no_zero_negative_and_no_minus_a_hyphen(value: float, digits: int) -> None:
    for text in (decimals(value, digits), signed(value), quoted(value)):
        assert "-" not in text
        number = float(text.replace("−", "-").replace(",", ""))
        assert math.isclose(
            number, value, rel_tol=0.006 if abs(value) < 1e5 else 0.05, abs_tol=0.5 * 10.0**-digits + 0.006
        )
        assert number != 0 or not text.startswith("−")


def test_are_things_listed_to_be_said_later() -> None:
    parts = [msg("a {kind} one", kind="b"), "c", share_message(0.5)]
    assert str(listing(parts)) == "a b one, c, 50%"
    assert [str(sequence(parts[:count])) for count in range(4)] == [
        "",
        "a b one",
        "a b one and c",
        "a b one, c and 50%",
    ]
    assert str(listing([])) == "" and str(sequence(["{}", "{z}"])) == "{} and {z}"
    assert str(sentences(msg("One."), "", "Two.")) == "One. Two."
    assert hash(listing(parts)) == hash(listing(list(parts)))


def test_a_sentence_begins_with_a_capital() -> None:
    assert (capital("a pattern"), capital("1 pattern"), capital("")) == ("A pattern", "1 pattern", "")


@pytest.mark.parametrize("part", [0, 0.0001, 0.05, 0.5, 0.9999, 1])
def test_a_share_can_be_said_later(part: float) -> None:
    assert str(share_message(part)) == share(part)
