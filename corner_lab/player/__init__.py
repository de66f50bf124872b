"""The player: one HTML file that shows runs as the app does, and needs neither server nor network."""

from corner_lab.player.page import page
from corner_lab.player.played_run import Played, played
from corner_lab.player.stage_script import NoStage

__all__ = ["NoStage", "Played", "page", "played"]
