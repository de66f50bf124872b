"""The data of an exported script: targets, patterns, labels in their shape, and the batches of each epoch."""

from corner_lab.experiment.data.label_shapes import LABELS
from corner_lab.experiment.data.sampling import BALANCES, BatchPlan
from corner_lab.experiment.experiment import Experiment
from corner_lab.experiment.initializers import INITS
from corner_lab.experiment.losses import LOSSES
from corner_lab.export.python_source import WIDTH, code, comment, indented
from corner_lab.network.patterns import COUNT, pixels


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
    lines += ["", *_labels(e)]
    return [*lines, "", *_sample_weights(e)] if e.balance == "class_weight" else lines


def _labels(e: Experiment) -> list[str]:
    signs = ["Keras makes -1 and +1 of the labels 0 and 1 by itself."] if LOSSES[e.loss].signed else []
    if e.labels_shuffled and e.epochs:
        changes = "that changes nothing" if not e.mislabels else "an output then meets another sample's label"
        signs.append(f"Training shuffles them inside every batch: {changes}.")
    if e.two_outputs:
        return [
            *comment('One-hot labels, "other" first, in the shape of the output.', *signs),
            'y = np.stack([~positive, positive], axis=1).astype("float32")  # (512, 2)',
        ]
    explanation = LABELS[e.labels].explanation
    if e.broadcasts:
        return [
            *comment("The bug:", explanation, "y.reshape(512, 1, 1, 1) mends it.", *signs),
            'y = positive.astype("float32")  # (512,)',
        ]
    return [
        *comment(explanation[0].upper() + explanation[1:], *signs),
        'y = positive.astype("float32").reshape(512, 1, 1, 1)',
    ]


def _sample_weights(e: Experiment) -> list[str]:
    explained = [BALANCES["class_weight"].explanation]
    lines = ["sample_weight = np.where(positive, 256 / positive.sum(), 256 / (~positive).sum())  # (512,)"]
    if e.broadcasts:
        explained.append("Against broadcast losses that only scales each batch by its mean weight.")
    elif not e.two_outputs:
        lines.append("sample_weight = sample_weight.reshape(512, 1, 1)  # the shape of the losses")
    return comment(*explained) + lines


# ---------------------------------------------------------------- batches


def batches(e: Experiment) -> list[str]:
    """The dataset that `fit` takes, and before it what it draws from."""
    if e.balance == "half_batch":
        return _half_batches(e)
    arrays = _arrays(e)
    samples, count, before = "512", "512", list[str]()
    if e.balance == "oversample":
        samples, count, before = "samples", "len(samples)", _oversampled(e)
    batch = "self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]"
    if e.balance == "hard_negatives":
        batch = f"np.sort({batch})"
    return before + _dataset(
        samples, f"-(-{count} // BATCH_SIZE)" if before else f"{count} // BATCH_SIZE", [f"batch = {batch}"], arrays
    )


def _arrays(e: Experiment) -> str:
    """What a batch gives `fit`."""
    labels = "y[self.labels[index]]" if e.labels_shuffled else "y[batch]"
    return f"x[batch], {labels}" + (", sample_weight[batch]" if e.balance == "class_weight" else "")


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
                self.order = np.arange(512)  # Keras looks at a batch before the first epoch begins

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
                self.order = np.arange(512)  # Keras looks at a batch before the first epoch begins
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


def _filled(lines: list[str], batch: list[str]) -> list[str]:
    """The lines of `batch` in their place, which "@" holds."""
    at = next(i for i, line in enumerate(lines) if line.strip() == "@")
    return [*lines[:at], *indented(batch, 8), *lines[at + 1 :]]


def _oversampled(e: Experiment) -> list[str]:
    repeats = BatchPlan(e.target, e.balance, e.batch_size).samples - COUNT
    return [
        *comment(BALANCES["oversample"].explanation),
        f"samples = np.concatenate([np.arange(512), np.resize(TARGET, {repeats})])",
        "",
        "",
    ]


def _half_batches(e: Experiment) -> list[str]:
    half = "index * BATCH_SIZE // 2, (index + 1) * BATCH_SIZE // 2"
    lines = comment(BALANCES["half_batch"].explanation) + code(
        """
        others = np.flatnonzero(~positive)
        targets = np.resize(TARGET, len(others))  # in turn


        """
    )
    batch = [f"half = slice({half})", "batch = np.concatenate([self.order[half], targets[half]])"]
    dataset = _dataset("others", "-(-len(others) // (BATCH_SIZE // 2))", batch, _arrays(e))
    return [*lines, "", "", *dataset]
