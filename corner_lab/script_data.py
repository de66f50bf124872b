"""The data of an exported script: targets, patterns, labels in their shape, and the batches of each epoch."""

from corner_lab.balancing import BALANCES, BatchPlan
from corner_lab.experiment import Experiment
from corner_lab.initial import INITS
from corner_lab.labels import LABELS
from corner_lab.losses import LOSSES
from corner_lab.patterns import COUNT, pixels
from corner_lab.python_text import WIDTH, code, comment


def constants(e: Experiment) -> list[str]:
    lines = [*_targets(e.target), f"BATCH_SIZE = {e.batch_size}"]
    if e.epochs:
        lines.append(f"EPOCHS = {e.epochs}")
    if e.epochs or INITS[e.init].keras_initializer:
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
    if e.two_outputs:
        return [
            '# One-hot labels, "other" first, in the shape of the output.',
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
    """A generator of batches for `fit`, and before it what it draws from."""
    arrays = "x[batch], y[batch]" + (", sample_weight[batch]" if e.balance == "class_weight" else "")
    if e.balance == "half_batch":
        return _half_batches()
    samples, before = "512", list[str]()
    if e.balance == "oversample":
        samples, before = "samples", _oversampled(e)
    batch = "order[start : start + BATCH_SIZE]"
    if e.balance == "hard_negatives":
        batch = f"np.sort({batch})  # of equal losses the first counts"
    count = "len(samples)" if e.balance == "oversample" else "512"
    return before + code(
        f'''
        def batches():
            """Batches without end: for each epoch one permutation, drawn by NumPy."""
            rng = np.random.default_rng(SEED)
            while True:
                order = rng.permutation({samples})
                for start in range(0, {count}, BATCH_SIZE):
                    batch = {batch}
                    yield {arrays}
        '''
    )


def _oversampled(e: Experiment) -> list[str]:
    repeats = BatchPlan(e.target, e.balance, e.batch_size).samples - COUNT
    return [
        *comment(BALANCES["oversample"].explanation),
        f"samples = np.concatenate([np.arange(512), np.resize(TARGET, {repeats})])",
        "",
        "",
    ]


def _half_batches() -> list[str]:
    return comment(BALANCES["half_batch"].explanation) + code(
        '''
        others = np.flatnonzero(~positive)
        targets = np.resize(TARGET, len(others))  # in turn


        def batches():
            """Batches without end: for each epoch one permutation of the others, drawn by NumPy."""
            rng = np.random.default_rng(SEED)
            while True:
                order = rng.permutation(others)
                for start in range(0, len(others), BATCH_SIZE // 2):
                    half = slice(start, start + BATCH_SIZE // 2)
                    batch = np.concatenate([order[half], targets[half]])
                    yield x[batch], y[batch]
        '''
    )


def batches_per_epoch(e: Experiment) -> str:
    """How many of them make an epoch, as source."""
    if e.balance == "half_batch":
        return "-(-len(others) // (BATCH_SIZE // 2))"
    return "-(-len(samples) // BATCH_SIZE)" if e.balance == "oversample" else "512 // BATCH_SIZE"
