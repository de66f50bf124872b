"""A moving picture of a run for a slide or a README: the stage itself, photographed while it plays."""

from corner_lab.movie.make import Made, check, made
from corner_lab.movie.request import Movie, MovieError

__all__ = ["Made", "Movie", "MovieError", "check", "made"]
