"""The network of an exported script: its layers, its initial weights, what is held, and learning from the hardest."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from corner_lab.experiment.data.sampling import KEPT_NEGATIVES
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import INITS, closing
from corner_lab.export.python_source import WIDTH, call, code, comment, indented
from corner_lab.language import tr
from corner_lab.network.heads import HEADS
from corner_lab.network.hidden import HIDDEN
from corner_lab.network.parameters import ParameterLayout, Vector
from corner_lab.network.weights_json import weights_to_json

Held = Mapping[int, float]  # weights that do not learn: place in the flat vector (see `ParameterLayout`) to value


def model(e: Experiment, held: Held) -> list[str]:
    lines = comment(f"{HEADS[e.head].label}: {HEADS[e.head].explanation}", *_place_of_softmax(e))
    if e.kernels > 1 or e.hidden != "none":
        lines += comment(f"Between the convolutions: {HIDDEN[e.hidden].explanation}")
    if INITS[e.init].keras_initializer:
        lines.append("keras.utils.set_random_seed(SEED)")
    kind = "HardNegatives" if e.balance == "hard_negatives" else "keras.Sequential"
    layers = [["keras.Input((3, 3, 1))"], *_layers(e, held)]
    lines += [f"model = {kind}(", "    ["]
    for layer in layers:
        lines += indented([*layer[:-1], layer[-1] + ","], 8)
    return [*lines, "    ]", ")"]


def _place_of_softmax(e: Experiment) -> list[str]:
    if e.head != "softmax":
        return []
    if e.labels == "aligned":
        return ["It comes last, where Keras finds the exact logits."]
    return ["The Reshape after it hides the logits from the loss, which clips at 1e-7."]


def _layers(e: Experiment, held: Held) -> list[list[str]]:
    outputs = 2 if e.two_outputs else 1
    reshape_first = e.head == "softmax" and e.labels == "aligned"
    activation = [] if reshape_first else [f'activation="{e.head}"']
    word = INITS[e.init].keras_initializer or e.init
    initializer = [f'kernel_initializer="{word}"'] if word in ("he_normal", "zeros") else []
    first = [*initializer, *_constraints(e, held, "held_kernel", "held_bias")]
    if e.second_conv:
        second = [*initializer, *_constraints(e, held, "held_second_kernel", "held_second_bias")]
        between = HIDDEN[e.hidden].keras_activation
        first = [*([f'activation="{between}"'] if between else []), *first]
        layers = [_convolution(f"{e.kernels}", "3", *first), _convolution(f"{outputs}", "1", *activation, *second)]
    else:
        layers = [_convolution(f"{outputs}", "3", *activation, *first)]
    if e.two_outputs:
        layers.append(["keras.layers.Reshape((2,))"])
    return [*layers, ['keras.layers.Activation("softmax")']] if reshape_first else layers


def _convolution(*arguments: str) -> list[str]:
    return call("keras.layers.Conv2D", arguments, indent=8)


def outputs(e: Experiment) -> list[str]:
    """A function for the callback and the end."""
    what, expression = "The output", "model.predict_on_batch(x).reshape(512)"
    if e.two_outputs:
        what, expression = 'The probability of "corner"', "model.predict_on_batch(x)[:, 1]"
    return ["def outputs():", f'    """{what} for each of the 512 patterns."""', f"    return {expression}"]


# ---------------------------------------------------------------- weights


def initial_weights(e: Experiment, weights: Vector | None, held: Held) -> list[str]:
    lines: list[str] = []
    shape = e.layout
    if e.init == "given":
        assert weights is not None
        lines = _given(shape, weights)
    elif INITS[e.init].one_target:
        lines = _closed_form(shape, e.init) if e.kernels == 1 and e.hidden == "none" else _first_of_several(e)
    if held:
        lines += code(
            """
            for weights in model.trainable_weights:
                if weights.constraint is not None:
                    weights.assign(weights.constraint(weights))
            """
        )
    return lines


def _template(init: str) -> list[str]:
    lines = [*comment(INITS[init].explanation), "template = x[TARGET[0]]  # (3, 3, 1)"]
    if init == "by_hand":
        return [*lines, "kernel = np.where(template == 1, 10, -100)", "bias = 5 - 10 * template.sum()"]
    return [*lines, "kernel = 2 * template - 1", "bias = 0.5 - template.sum()"]


def _closed_form(shape: ParameterLayout, init: str) -> list[str]:
    lines = _template(init)
    if shape.filters == 2:
        lines.append('# The class "other" scores 0.')
        arrays = ["np.stack([0 * kernel, kernel], axis=-1)", "np.array([0, bias])"]
    else:
        arrays = ["kernel.reshape(3, 3, 1, 1)", "np.array([bias])"]
    if shape.seconds == 1:
        arrays += ["np.ones((1, 1, 1, 1))", "np.zeros(1)"]
    elif shape.seconds == 2:
        arrays += ["np.array([0, 1]).reshape(1, 1, 1, 2)", "np.zeros(2)"]
    return lines + _set_weights(arrays)


def _first_of_several(e: Experiment) -> list[str]:
    """The closed form in the first kernel; the others have no say at first, and start at random."""
    shape, (w2, b2) = e.layout, closing(e.init, e.hidden)
    kernels, biases = "kernel.reshape(3, 3, 1, 1)", "np.array([bias])"
    lines = _template(e.init)
    if shape.kernels > 1:
        lines += [
            "# The further kernels start at random, with a weight of 0 in the 1x1 convolution.",
            f"further = np.random.default_rng(SEED).uniform(-1 / 3, 1 / 3, ({shape.kernels - 1}, 9))",
            f"kernels = np.concatenate([kernel.reshape(1, 9), further]).T.reshape(3, 3, 1, {shape.kernels})",
        ]
        kernels, biases = "kernels", f"np.pad([bias], (0, {shape.kernels - 1}))"
    lines += [f"w2 = np.zeros((1, 1, {shape.kernels}, {shape.seconds}))", f"w2[0, 0, 0, -1] = {w2:g}"]
    ends = f"np.array([{', '.join(['0', f'{b2:g}'][-shape.seconds :])}])"
    return lines + _set_weights([kernels, biases, "w2", ends])


def _given(shape: ParameterLayout, weights: Vector) -> list[str]:
    arrays: dict[str, Any] = weights_to_json(shape, weights)
    if shape.kernels > 1:
        names = dict(zip(arrays, ("kernels", "biases", "w2", "b2"), strict=True))
        lines = [line for name, values in arrays.items() for line in _nested(names[name], values)]
        kernels = f"np.moveaxis(kernels, 0, -1).reshape(3, 3, 1, {shape.kernels})"
        parts = [kernels, "biases", f"w2.reshape(1, 1, {shape.kernels}, {shape.seconds})", "b2"]
        return ["# The weights to start from.", *lines, *_set_weights(parts)]
    if shape.filters == 1:
        lines = _matrix("kernel", arrays["kernel"])
        parts = ["kernel.reshape(3, 3, 1, 1)", f"np.array([{literal(arrays['bias'])}])"]
    else:
        lines = _matrix("other", arrays["kernel"][0]) + _matrix("corner", arrays["kernel"][1])
        parts = ["np.stack([other, corner], axis=-1).reshape(3, 3, 1, 2)", _array(arrays["bias"])]
    if shape.seconds:
        parts += [f"{_array(arrays['second_kernel'])}.reshape(1, 1, 1, {shape.seconds})", _array(arrays["second_bias"])]
    return ["# The weights to start from.", *lines, *_set_weights(parts)]


def _set_weights(arrays: list[str]) -> list[str]:
    return ["model.set_weights(", "    [", *(f"        {array}," for array in arrays), "    ]", ")"]


def _nested(name: str, values: list[Any]) -> list[str]:
    """Lists in lists as an array with this name; the innermost ones stand on a line where they fit."""

    def lines(value: Any) -> list[str]:
        if not isinstance(value, list):
            return [literal(value)]
        line = f"[{', '.join(map(literal, value))}]" if not isinstance(value[0], list) else ""
        if line and len(value) <= 3:
            return [line]
        inner = [row for one in value for row in _with_comma(lines(one))]
        return ["[", *indented(inner), "]"]

    if len(values) <= 3 and not isinstance(values[0], list):
        return [f"{name} = np.array({lines(values)[0]})"]
    return [f"{name} = np.array(", *indented(lines(values)), ")"]


def _with_comma(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1] + ","]


def _matrix(name: str, rows: list[list[float]]) -> list[str]:
    """Three rows of three numbers as an array with this name."""
    return [
        f"{name} = np.array(",
        "    [",
        *(f"        [{', '.join(map(literal, row))}]," for row in rows),
        "    ]",
        ")",
    ]


def _array(numbers: list[float]) -> str:
    return f"np.array([{', '.join(map(literal, numbers))}])"


def literal(value: float) -> str:
    """The shortest number that gives the same float32."""
    return repr(float(str(np.float32(value))))


# ---------------------------------------------------------------- held weights


def check_held(e: Experiment, held: Held) -> None:
    """Raises ValueError unless the network has these weights."""
    size = e.layout.size
    for place in held:
        if place not in range(size):
            raise ValueError(
                tr("held weight {place}: this network has the weights 0 to {last}", place=place, last=size - 1)
            )


def _parameters(e: Experiment) -> dict[str, range]:
    """Where the weights of each Keras array stand in the flat vector, by the name of what is held of it."""
    ends = np.cumsum([math.prod(shape) for shape in e.layout.keras_shapes()]).tolist()
    names = ("held_kernel", "held_bias", "held_second_kernel", "held_second_bias")
    return {name: range(start, end) for name, start, end in zip(names, [0, *ends], ends, strict=False)}


def held_class(held: Held) -> list[str]:
    if not held:
        return []
    return code(
        '''
        class Held(keras.constraints.Constraint):
            """Puts weights, by their flat index, back to held values after each update."""

            def __init__(self, values):
                self.indices = np.array(list(values)).reshape(-1, 1)
                self.values = np.array(list(values.values()), "float32")

            def __call__(self, weights):
                flat = keras.ops.reshape(weights, (-1,))
                flat = keras.ops.scatter_update(flat, self.indices, self.values)
                return keras.ops.reshape(flat, weights.shape)
        '''
    )


def held_values(e: Experiment, held: Held) -> list[str]:
    """A dictionary for each Keras array with held weights: flat index to value."""
    lines = []
    for name, places in _parameters(e).items():
        values = [f"{place - places.start}: {literal(held[place])}" for place in places if place in held]
        line = f"{name} = {{{', '.join(values)}}}"
        if values:
            lines += [line] if len(line) <= WIDTH else [f"{name} = {{", *(f"    {value}," for value in values), "}"]
    return lines


def _constraints(e: Experiment, held: Held, *names: str) -> list[str]:
    """Keyword arguments of a layer whose kernel and bias these are."""
    kinds = zip(("kernel", "bias"), names, strict=True)
    return [f"{kind}_constraint=Held({name})" for kind, name in kinds if set(held) & set(_parameters(e)[name])]


# ---------------------------------------------------------------- hard negatives


def hard_negatives(e: Experiment) -> list[str]:
    losses, targets = "self.loss(y, y_pred)  # (n,)", "y[:, 1] > 0.5"
    if not e.two_outputs:
        losses = "keras.ops.mean(self.loss(y, y_pred), axis=(1, 2))  # (n, 1, 1) to (n,)"
        targets = "keras.ops.reshape(y, (-1,)) > 0.5"
    return code(
        f'''
        class HardNegatives(keras.Sequential):
            """Learns from each batch's targets and its hardest other patterns, of equals the first."""

            def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                losses = {losses}
                is_target = {targets}  # (n,)
                rest = keras.ops.where(is_target, -np.inf, losses)
                rank = keras.ops.argsort(keras.ops.argsort(-rest))  # 0 for the highest loss
                targets = keras.ops.sum(keras.ops.cast(is_target, "int32"))
                is_hard = rank < keras.ops.maximum({KEPT_NEGATIVES}, targets)
                kept = keras.ops.cast(keras.ops.logical_or(is_target, is_hard), "float32")
                return keras.ops.sum(losses * kept) / keras.ops.sum(kept)
        '''
    )
