"""Functions that need Keras, and where they run: here, or in a worker process where the program has some.

A server that imported TensorFlow could not answer a click while that is loaded, traced or compiled: all of it holds
Python. So a server gives its pool to `use`; for everybody else these functions are plain ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module
from typing import Any, ParamSpec, Protocol, TypeVar

from corner_lab.language import current, speaking
from corner_lab.language.languages import SOURCE

P = ParamSpec("P")
R = TypeVar("R")


class Caller(Protocol):
    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the function returns in one of its processes; raises what it raises there."""
        ...


@dataclass(frozen=True)
class Named:
    """A function by its name: whatever decorators have made of it, it is found again in another process.

    `language`: the code of the one in which it says what is wrong.
    """

    module: str
    name: str
    language: str = SOURCE

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with speaking(self.language):
            return getattr(import_module(self.module), self.name)(*args, **kwargs)


_caller: Caller | None = None


def use(caller: Caller | None) -> None:
    """From now on run what is marked `in_worker` there; None: in the process and thread that call."""
    global _caller
    _caller = caller


def in_worker(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a function of a module that needs Keras. Arguments and result are values that can be pickled."""

    there = Named(function.__module__, function.__qualname__)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        if _caller is None:
            return function(*args, **kwargs)
        result: R = _caller.call(replace(there, language=current().code), *args, **kwargs)
        return result

    return called
