"""How sentences write numbers and counts."""


def quoted(value: float) -> str:
    """Three significant digits, a true minus, thousands with commas: "0.00378", "1,024", "−4.16", "2.1e−06"."""
    value = float(value)
    if value == 0:
        return "0"
    if abs(value) >= 1e7 or abs(value) < 1e-4:
        text = f"{value:.1e}"
    else:
        text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


def percent(share: float) -> str:
    """A share of 0..1 with one decimal: "99.8 %"."""
    return f"{100 * share:.1f} %"


def many(count: int, one: str, more: str = "") -> str:
    """ "1 pattern", "3 patterns"."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def signed(value: float) -> str:
    """Two decimals, always signed, with a true minus; whole numbers stay whole: "+0.73", "−100", "0"."""
    if value == 0:
        return "0"
    digits = f"{abs(value):.0f}" if float(value).is_integer() else f"{abs(value):.2f}"
    return ("−" if value < 0 else "+") + digits


def small(value: float) -> str:
    """A loss or a share in two significant digits: "0.0038", "0.26", "1e-06"."""
    if value == 0:
        return "0"
    if value < 1e-4:
        return f"{value:.0e}"
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"
