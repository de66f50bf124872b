"""Phrases that sentences about a run put in: so many epochs, what a remedy is called."""

from corner_lab.language import Message, msg, msgn


def epochs(count: int) -> Message:
    """ "3 epochs"."""
    return msgn("{count} epoch", "{count} epochs", count)


def updates(count: int) -> Message:
    """ "4,800 updates"."""
    return msgn("{count} update", "{count} updates", count)


def patterns(count: int) -> Message:
    """ "3 patterns"."""
    return msgn("{count} pattern", "{count} patterns", count)


def targets(count: int) -> Message:
    """ "1 target"."""
    return msgn("{count} target", "{count} targets", count)


def others(count: int) -> Message:
    """ "80 others"."""
    return msgn("{count} other", "{count} others", count)


def corners(count: int) -> Message:
    """ "30 corners"."""
    return msgn("{count} corner", "{count} corners", count)


def scenes(count: int) -> Message:
    """ "20 scenes"."""
    return msgn("{count} scene", "{count} scenes", count)


def ended(clause: Message) -> Message:
    """A clause that is a sentence by itself."""
    return msg("{clause}.", clause=clause)


def rate_of(rate: str) -> Message:
    """What a remedy is called that changes the learning rate alone."""
    return msg("Learning rate {rate}", rate=rate)


def longer(count: int) -> Message:
    """What a remedy is called that trains longer."""
    return msg("Train {epochs} epochs", epochs=f"{count:,}")
