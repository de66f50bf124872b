"""In which language people read: sentences are written in English where they are said, and looked up in a catalogue.

`tr("{count} of 512 patterns are right.", count=3)` is a sentence in the language of whoever waits for it. What is made
before it is known who reads it (at import, or for several visitors at once) is a `Message`, made by `msg`, and a
sentence once `str` is taken of it. Catalogues are gettext's: a folder for each language, a .po file for each part of
the program, all in one compiled .mo; `python tools/messages.py` extracts, merges and compiles. Words of links and keys
of JSON are no sentences, and stay English.
"""

from corner_lab.language.languages import LANGUAGES, current, speaking
from corner_lab.language.message import Message, joined, msg, msgc, msgn, tr, trc, trn

__all__ = ["LANGUAGES", "Message", "current", "joined", "msg", "msgc", "msgn", "speaking", "tr", "trc", "trn"]
