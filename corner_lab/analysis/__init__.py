"""Analysis: a loss taken apart, its landscape, what one kernel can separate, the three causes measured."""

from corner_lab.analysis.autopsy import Autopsy
from corner_lab.analysis.loss_landscape import Landscape, landscape
from corner_lab.analysis.separability import Separation, separation

__all__ = ["Autopsy", "Landscape", "Separation", "landscape", "separation"]
