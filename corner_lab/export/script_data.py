"""The data of an exported script: targets, patterns, labels in their shape, and the batches of each epoch."""

from dataclasses import dataclass

from corner_lab.experiment.data.label_shapes import LABELS
from corner_lab.experiment.data.sampling import balance_explained
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import INITS
from corner_lab.experiment.losses import LOSSES
from corner_lab.export.python_source import WIDTH, code, comment, indented
from corner_lab.network.patterns import pixels


def constants(e: Experiment) -> list[str]:
    lines = [*_targets(e.target), f"BATCH_SIZE = {e.batch_size}"]
    if e.epochs:
        lines.append(f"EPOCHS = {e.epochs}")
    if e.epochs or INITS[e.init].keras_initializer or (INITS[e.init].one_target and e.kernels > 1):
        lines.append(f"SEED = {e.seed}")
    return lines


def _targets(target: tuple[int, ...]) -> list[str]:
    line = f"TARGET = {list(target)}"
    pictures = "  # " + ", ".join(_picture(index) for index in target)
    if len(line + pictures) <= WIDTH:
        return [line + pictures]
    return [line] if len(line) <= WIDTH else ["TARGET = [", *(f"    {index}," for index in target), "]"]


def _picture(index: int) -> str:
    bits = "".join(map(str, pixels(index)))
    return f"{bits[:3]}/{bits[3:6]}/{bits[6:]}"


# ---------------------------------------------------------------- patterns and labels


def patterns_and_labels(e: Experiment) -> list[str]:
    lines = code(
        """
        # All 512 binary 3x3 patterns: pixel j of pattern i is bit j of i, row by row.
        x = (np.arange(512)[:, None] >> np.arange(9) & 1).reshape(512, 3, 3, 1).astype("float32")
        positive = np.isin(np.arange(512), TARGET)  # (512,)
        """
    )
    if e.scenes:
        lines[-1] += ": what the end is about"
    lines += ["", *_labels(e)]
    return [*lines, "", *_sample_weights(e)] if e.balance == "class_weight" else lines


@dataclass(frozen=True)
class _Names:
    """What stands for the training set's samples: how many there are, which are positive, their patterns."""

    count: str = "512"
    positive: str = "positive"
    all: str = "512"  # what `len` and shapes have
    inputs: str = "x[batch]"


def _names(e: Experiment) -> _Names:
    if e.scenes is None:
        return _Names()
    return _Names(str(len(e.plan.training_set.samples)), "is_corner", "len(patch)", "x[patch[batch]]")


def _labels(e: Experiment) -> list[str]:
    n = _names(e)
    signs = ["Keras makes -1 and +1 of the labels 0 and 1 by itself."] if LOSSES[e.loss].signed else []
    if e.labels_shuffled and e.epochs:
        changes = "that changes nothing" if not e.mislabels else "an output then meets another sample's label"
        signs.append(f"Training shuffles them inside every batch: {changes}.")
    if e.two_outputs:
        return [
            *comment('One-hot labels, "other" first, in the shape of the output.', *signs),
            f'y = np.stack([~{n.positive}, {n.positive}], axis=1).astype("float32")  # ({n.count}, 2)',
        ]
    explanation = LABELS[e.labels].explanation
    if e.broadcasts:
        return [
            *comment("The bug:", explanation, f"y.reshape({n.all}, 1, 1, 1) mends it.", *signs),
            f'y = {n.positive}.astype("float32")  # ({n.count},)',
        ]
    return [
        *comment(explanation[0].upper() + explanation[1:], *signs),
        f'y = {n.positive}.astype("float32").reshape({n.all}, 1, 1, 1)',
    ]


def _sample_weights(e: Experiment) -> list[str]:
    n, explained = _names(e), [balance_explained("class_weight", e.scenes is not None)]
    half = f"{int(n.count) // 2}"
    parts = f"{n.positive}, {half} / {n.positive}.sum(), {half} / (~{n.positive}).sum()"
    lines = [f"sample_weight = np.where({parts})  # ({n.count},)"]
    if e.broadcasts:
        explained.append("Against broadcast losses that only scales each batch by its mean weight.")
    elif not e.two_outputs:
        lines.append(f"sample_weight = sample_weight.reshape({n.all}, 1, 1)  # the shape of the losses")
    return comment(*explained) + lines


# ---------------------------------------------------------------- batches


def batches(e: Experiment) -> list[str]:
    """The dataset that `fit` takes, and before it what it draws from."""
    if e.balance == "half_batch":
        return _half_batches(e)
    arrays = _arrays(e)
    n = _names(e)
    samples, count, before = n.all, n.all, list[str]()
    if e.balance == "oversample":
        samples, count, before = "samples", "len(samples)", _oversampled(e)
    batch = "self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]"
    if e.balance == "hard_negatives":
        batch = f"np.sort({batch})"
    lines = [f"batch = {batch}"]
    if e.balance == "hard_negatives" and e.scenes:
        lines = code(
            """
            batch = self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]
            batch = batch[np.argsort(patch[batch])]
            """
        )
    whole = not before and not e.scenes
    return before + _dataset(
        samples, f"{count} // BATCH_SIZE" if whole else f"-(-{count} // BATCH_SIZE)", lines, arrays
    )


def _arrays(e: Experiment) -> str:
    """What a batch gives `fit`."""
    labels = "y[self.labels[index]]" if e.labels_shuffled else "y[batch]"
    return f"{_names(e).inputs}, {labels}" + (", sample_weight[batch]" if e.balance == "class_weight" else "")


def _dataset(samples: str, length: str, batch: list[str], arrays: str) -> list[str]:
    """`samples`: what an epoch draws from, `length`: batches in an epoch, `batch`: the lines that take one."""
    if "self.labels" in arrays:
        return _dataset_with_shuffled_labels(samples, length, batch, arrays)
    lines = code(
        f'''
        class Batches(keras.utils.PyDataset):
            """The batches of an epoch, in an order that NumPy draws anew for each."""

            def __init__(self):
                super().__init__()
                self.rng = np.random.default_rng(SEED)
                self.order = np.arange({_first(arrays)})  # Keras looks at a batch before the first epoch begins

            def __len__(self):
                return {length}

            def __getitem__(self, index):
                @
                return {arrays}

            def on_epoch_begin(self):
                self.order = self.rng.permutation({samples})
        '''
    )
    return _filled(lines, batch)


def _dataset_with_shuffled_labels(samples: str, length: str, batch: list[str], arrays: str) -> list[str]:
    """The same, with a generator of its own that shuffles the labels of each batch after it was drawn."""
    taken = [*batch[:-1], batch[-1].replace("batch = ", "return ")]
    lines = code(
        f'''
        class Batches(keras.utils.PyDataset):
            """The batches of an epoch, in an order that NumPy draws anew for each, as it does that of their labels."""

            def __init__(self):
                super().__init__()
                self.rng = np.random.default_rng(SEED)
                self.label_rng = np.random.default_rng(SEED + 1)
                self.order = np.arange({_first(arrays)})  # Keras looks at a batch before the first epoch begins
                self.labels = [self.batch(index) for index in range(len(self))]

            def __len__(self):
                return {length}

            def batch(self, index):
                @

            def __getitem__(self, index):
                batch = self.batch(index)
                return {arrays}

            def on_epoch_begin(self):
                self.order = self.rng.permutation({samples})
                # Whose label each sample gets.
                self.labels = [self.label_rng.permutation(self.batch(index)) for index in range(len(self))]
        '''
    )
    return _filled(lines, taken)


def _first(arrays: str) -> str:
    """How many samples there are before any is repeated."""
    return "len(patch)" if "patch[" in arrays else "512"


def _filled(lines: list[str], batch: list[str]) -> list[str]:
    """The lines of `batch` in their place, which "@" holds."""
    at = next(i for i, line in enumerate(lines) if line.strip() == "@")
    return [*lines[:at], *indented(batch, 8), *lines[at + 1 :]]


def _oversampled(e: Experiment) -> list[str]:
    n, targets = _names(e), "np.flatnonzero(is_corner)" if e.scenes else "TARGET"
    repeats = e.plan.samples - int(n.count)
    return [
        *comment(balance_explained("oversample", e.scenes is not None)),
        f"samples = np.concatenate([np.arange({n.all}), np.resize({targets}, {repeats})])",
        "",
        "",
    ]


def _half_batches(e: Experiment) -> list[str]:
    half = "index * BATCH_SIZE // 2, (index + 1) * BATCH_SIZE // 2"
    positive, targets = _names(e).positive, "np.flatnonzero(is_corner)" if e.scenes else "TARGET"
    lines = comment(balance_explained("half_batch", e.scenes is not None)) + code(
        f"""
        others = np.flatnonzero(~{positive})
        targets = np.resize({targets}, len(others))  # in turn


        """
    )
    batch = [f"half = slice({half})", "batch = np.concatenate([self.order[half], targets[half]])"]
    dataset = _dataset("others", "-(-len(others) // (BATCH_SIZE // 2))", batch, _arrays(e))
    return [*lines, "", "", *dataset]
