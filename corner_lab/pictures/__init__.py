"""Pictures: seeded scenes of rectangles, every patch as one of the 512 patterns, corners found and matched.

A network's whole behaviour on a binary picture is a look-up in its z of the 512 patterns. Reading and writing files is
in `corner_lab.pictures.files`, the only part that needs Pillow.
"""

from corner_lab.pictures.corners import ORIENTATIONS, Corner, wanted
from corner_lab.pictures.detection import Match, detect, match
from corner_lab.pictures.frequencies import Frequencies, frequencies
from corner_lab.pictures.patches import pattern_indices
from corner_lab.pictures.scenes import KINDS, Scene, scene

__all__ = [
    "KINDS",
    "ORIENTATIONS",
    "Corner",
    "Frequencies",
    "Match",
    "Scene",
    "detect",
    "frequencies",
    "match",
    "pattern_indices",
    "scene",
    "wanted",
]
