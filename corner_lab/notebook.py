"""How values show themselves in a notebook: a title and a small table of HTML, escaped, without script or style."""

from collections.abc import Mapping
from html import escape


def card(title: str, rows: Mapping[str, object]) -> str:
    """A title over rows of a name and what stands beside it."""
    cells = [f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in rows.items()]
    table = f"<table>{''.join(cells)}</table>" if cells else ""
    return f"<div><strong>{escape(title)}</strong>{table}</div>"
