"""Story: the talk in ten steps, its sentences and its runs."""
