"""The player: HTML files that show runs and tell the story as the app does, and need neither server nor network."""

from corner_lab.player.page import page
from corner_lab.player.played_run import Played, played
from corner_lab.player.stage_script import NoStage
from corner_lab.player.story_page import story_page

__all__ = ["NoStage", "Played", "page", "played", "story_page"]
