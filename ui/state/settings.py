"""What the sidebar can be brought back to, with the weights that its start means where these were given."""

from dataclasses import dataclass, replace

from corner_lab.experiment.experiment import Experiment
from corner_lab.export.share_link import query_of, read, run_words
from corner_lab.network.parameters import ParameterLayout, Vector


@dataclass(frozen=True, eq=False)
class Given:
    """Flat weights of this network, from which training was asked to start."""

    layout: ParameterLayout
    weights: Vector


@dataclass(frozen=True, eq=False)
class Settings:
    """An experiment of the sidebar, and in `given` the flat weights that its start means where it says so."""

    experiment: Experiment
    given: Vector | None = None

    @classmethod
    def of(cls, words: str) -> "Settings | None":
        """What the query string of a link says of settings; None where anything in it is wrong."""
        link, errors = read(words)
        if errors:
            return None
        return cls(link.experiment if link.start is None else replace(link.experiment, init="given"), link.start)

    @property
    def words(self) -> str | None:
        """The query string of a link that says them; None where the weights that it takes are not known."""
        known = self.experiment.init != "given" or self.given is not None
        return query_of(run_words(self.experiment, self.given)) if known else None
