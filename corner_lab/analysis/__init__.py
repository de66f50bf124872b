"""Analysis: a loss taken apart, its landscape, what one kernel can separate, the three causes measured."""
