"""How sentences write numbers and counts, and how what is typed becomes one."""

import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from corner_lab.language import Message, current, msg, msgc, tr
from corner_lab.language.languages import SOURCE
from corner_lab.language.message import Joined

MOST_TYPED = 1_000_000  # as on the bench
LARGE = 1e5  # from here on numbers of the stage are written with a power of ten
_EXACT = Context(prec=400)  # any float64 that is finite, and its digits behind the point


def quoted(value: float) -> str:
    """Three significant digits, a true minus, thousands with commas: "0.00378", "1,024", "−4.16", "2.1e−6"."""
    value = float(value)
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return _unbounded(value)
    if abs(value) >= 1e7 or abs(value) < 1e-4:
        return _power(value)
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


def decimals(value: float, digits: int = 3) -> str:
    """So many digits behind the point, a true minus, and no minus for a zero: "0.031", "−0.250", "0.000"."""
    if not math.isfinite(value):
        return _unbounded(value)
    text = _fixed(abs(float(value)), digits)
    return f"−{text}" if value < 0 and float(text) else text


def exact(value: float) -> str:
    """All digits where 13 of them hold the number exactly, otherwise seven, about what float32 has."""
    short = f"{value:.13g}"
    return short if float(short) == value else f"{value:.7g}"


def setting(value: float) -> str:
    """A number that was typed, as short as it can be written: "0.01", "1000", "1e−5"."""
    mantissa, power, exponent = f"{value:g}".partition("e")
    return (mantissa + (f"e{int(exponent)}" if power else "")).replace("-", "−")


def percent(part: float) -> str:
    """A share of 0..1 with one decimal, whole ones whole; what is not all never reads 100%: "99.8%", "50%", "99.9%".

    The stage's `format.js` writes the same.
    """
    text = _fixed(min(99.9, 100 * part) if part < 1 else 100.0, 1)
    return f"{text.removesuffix('.0')}%"


def share(part: float) -> str:
    """A share: "39%", "0.1%", "99.7%", "less than 0.1%", "none", "all"."""
    return str(share_message(part))


def share_message(part: float) -> Message:
    """As `share`, to be said later."""
    if part in (0, 1):
        return msgc("a share", "none") if part == 0 else msgc("a share", "all")
    if part < 0.0005 or part >= 0.9995:
        return msg("less than 0.1%") if part < 0.5 else msg("more than 99.9%")
    return _plain(f"{100 * part:.1f}%" if part < 0.1 or part > 0.99 else f"{100 * part:.0f}%")


def many(count: int, one: str, more: str = "") -> str:
    """ "1 pattern", "3 patterns"."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def span(seconds: float) -> str:
    """A time to come, no finer than it can be known: "5 s", "40 s", "3 min", "2 h"."""
    if seconds < 55:
        return tr("{seconds} s", seconds=max(5 * round(seconds / 5), 5))
    if seconds < 5400:
        return tr("{minutes} min", minutes=max(round(seconds / 60), 1))
    return tr("{hours} h", hours=round(seconds / 3600))


def sentences(*parts: Message | str) -> Message:
    """Sentences one after the other, to be said later; empty ones are left out."""
    return Joined("", tuple((str(number), part) for number, part in enumerate(parts)))


def listing(parts: Iterable[Message | str]) -> Message:
    """ "a, b, c", to be said later; nothing of nothing."""
    first, *further = list(parts) or [""]
    found = first if isinstance(first, Message) else _plain(first)
    for part in further:
        found = msgc("between things that are listed", "{before}, {part}", before=found, part=part)
    return found


def sequence(parts: Iterable[Message | str]) -> Message:
    """ "a", "a and b", "a, b and c", to be said later; nothing of nothing."""
    *before, last = list(parts) or [""]
    if not before:
        return listing([last])
    return msgc("the last of several things", "{before} and {part}", before=listing(before), part=last)


def typed_number(text: str) -> float:
    """What someone typed, as the stage takes it: with a true minus, a decimal comma, an exponent. Raises ValueError."""
    plain = text.strip().replace("−", "-").replace("–", "-").replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", plain, re.ASCII | re.IGNORECASE):
        raise ValueError(tr("{text} is not a number: type something like −0.5 or 12", text=repr(text[:40])))
    value = float(plain)
    if abs(value) > MOST_TYPED:
        raise ValueError(
            tr(
                "{text} is too far out: allowed are numbers from −{most} to {most}",
                text=repr(text[:40]),
                most=f"{MOST_TYPED:,}",
            )
        )
    return value


def capital(sentence: str) -> str:
    """A sentence with a capital first, where English is spoken; other languages stay as they are."""
    return sentence[:1].upper() + sentence[1:] if current().code == SOURCE else sentence


def signed(value: float, digits: int = 2) -> str:
    """At most `digits` behind the point, fewer from 10 on, signed, with a true minus; whole numbers stay whole, and
    what rounds to zero has no sign: "+0.73", "−12.3", "−100", "+2.5e7", "0", "0.00". The stage's `format.js` writes the
    same."""
    if not math.isfinite(value):
        return _unbounded(value)
    size = abs(float(value))
    if size >= LARGE:
        text = _power(size)
    elif abs(size - round(size)) < 1e-9:
        text = str(round(size))
    else:
        text = _fixed(size, 0 if size >= 100 else min(1, digits) if size >= 10 else digits)
    return text if float(text) == 0 else ("−" if value < 0 else "+") + text


def gap_text(value: float) -> str:
    """A difference of two z, a digit more where it is small: "+10", "−1.51", "+0.094". As on the stage."""
    return signed(value, 3 if abs(value) < 0.1 else 2)


def margin_text(value: float) -> str:
    """A margin, in pixels: "+0.167". As on the stage."""
    return signed(value, 3)


def output_text(value: float) -> str:
    """An output of the head: three digits behind the point, fewer from 10 on: "0.031", "−0.250", "12.35", "2e7". As on
    the stage."""
    size = abs(float(value))
    if math.isfinite(size) and size >= LARGE:
        return _power(value)
    return decimals(value, 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3)


def small(value: float) -> str:
    """A loss or a share in two significant digits: "0.0038", "0.26", "1e−6"."""
    if value == 0:
        return "0"
    if value < 1e-4:
        return _power(value, 0)
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def _plain(text: str) -> Message:
    """Text that is the same in any language, as a message."""
    return Message("{text}", (("text", text),))


# ---------------------------------------------------------------- as JavaScript writes them


def _fixed(size: float, digits: int) -> str:
    """So many digits behind the point; what lies half-way is rounded up."""
    return f"{Decimal(size).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT):f}"


def _power(value: float, digits: int = 1) -> str:
    """A number not 0 with one digit, or none, behind the point unless it is 0, and a power of ten: "2.5e7", "−1e−5"."""
    size = Decimal(abs(float(value)))
    rounded = size.quantize(Decimal(1).scaleb(size.adjusted() - digits), ROUND_HALF_UP, _EXACT)
    mantissa = f"{rounded.scaleb(-rounded.adjusted()):.1f}".removesuffix(".0")
    return f"{'-' if value < 0 else ''}{mantissa}e{rounded.adjusted()}".replace("-", "−")


def _unbounded(value: float) -> str:
    return "NaN" if math.isnan(value) else "+∞" if value > 0 else "−∞"
