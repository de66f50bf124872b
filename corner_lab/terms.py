"""The words of the app: each term's label, one sentence, its source, and the pages on which it is met.

The stage has them from `ui/components/stage/canvas/term_list.js`, which `python tools/js.py format` writes from here.
The glossary lists them all. Choices (heads, losses, optimizers, ...) have registries of their own beside what they
choose.
"""

from dataclasses import dataclass

from corner_lab.registry import Choice, registry

KERAS = "https://keras.io/api/"
LEARNING = "Hastie, Tibshirani, Friedman: The Elements of Statistical Learning"
HERE = "defined in this app"


@dataclass(frozen=True)
class Term(Choice):
    """A word of the app. `word` is its anchor in the glossary: letters, digits and hyphens."""

    met: tuple[str, ...] = ("play",)  # names of pages


def _term(word: str, label: str, explanation: str, source: str = HERE, *others: str) -> Term:
    return Term(word, label, explanation, source, ("play", *others))


#: All terms, by word.
TERMS: dict[str, Term] = registry(
    # What is seen and what is asked
    _term(
        "pattern",
        "Pattern",
        "One of the 512 ways to fill 3 by 3 binary pixels; its index is the sum of 2 to the power of the place of"
        " every "
        "pixel that is on, row by row.",
        HERE,
        "story",
        "pictures",
    ),
    _term(
        "target",
        "Target",
        "A pattern that is to be called a corner; with the question as asked pattern 432 alone.",
        HERE,
        "story",
        "autopsy",
    ),
    _term(
        "other", "Other", "A pattern that is no target and is to be rejected: 511 of them where there is one target."
    ),
    _term(
        "hamming-distance",
        "Hamming distance",
        "How many of the nine pixels differ between a pattern and the nearest target.",
        "R. W. Hamming: Error detecting and error correcting codes (1950)",
    ),
    _term(
        "atlas",
        "Atlas",
        "All 512 patterns at once: a dot is an other that is rejected, a diamond one that is wrongly called a "
        "corner, a star a "
        "target, filled where it is right; the ring is round the pattern on the bench, and hatched is where the "
        "gradient "
        "is 0.",
    ),
    _term(
        "asinh-scale",
        "asinh scale",
        "An axis on which z lies at asinh(z): even near 0, logarithmic far out, so that what is straight looks bent.",
    ),
    # The network
    _term(
        "kernel",
        "Kernel",
        "The nine weights of the 3x3 convolution, laid over the pixels without a flip; blue is positive, orange "
        "negative.",
        f"{KERAS}layers/convolution_layers/convolution2d/",
        "story",
        "landscape",
        "pictures",
    ),
    _term(
        "product",
        "Products",
        "Each pixel times the kernel's weight that lies over it: the weight where the pixel is on.",
        HERE,
        "pictures",
    ),
    _term("bias", "Bias", "A learned number that is added to the sum of the products.", HERE, "pictures"),
    _term(
        "sum", "Sum", "The sum of the nine products plus the bias: what the 3x3 convolution gives.", HERE, "pictures"
    ),
    _term(
        "relu",
        "relu",
        "The activation function that may stand between the two convolutions: what is above 0 stays, the rest is 0.",
        f"{KERAS}layers/activations/",
    ),
    _term(
        "w2",
        "w₂",
        "The weight of the 1x1 convolution, with which the sum is multiplied: one for each kernel.",
        HERE,
        "pictures",
    ),
    _term(
        "part",
        "Part",
        "What one of several kernels adds to z: its sum, behind relu where there is one, times its w₂.",
        HERE,
        "pictures",
    ),
    _term("b2", "b₂", "The bias of the 1x1 convolution, which is added last.", HERE, "pictures"),
    _term(
        "effective-kernel",
        "Kernel × w₂",
        "The effective kernel, the kernel times w₂, and of several kernels their sum: how far each pixel moves z; a "
        "negative w₂ turns all of a kernel's signs round.",
        HERE,
        "pictures",
    ),
    _term(
        "matched-filter",
        "Matched filter",
        "The kernel with +1 where the target has a pixel on and −1 elsewhere; of all kernels of its length it "
        "separates the "
        "target best.",
        "G. L. Turin: An introduction to matched filters (1960)",
        "autopsy",
        "landscape",
        "pictures",
    ),
    _term(
        "pre-activation",
        "Pre-activation z",
        "The number that goes into the head; for a sigmoid it is the logit.",
        HERE,
        "autopsy",
        "pictures",
    ),
    _term(
        "head",
        "Head",
        "The activation function at the end, which makes the output from z.",
        f"{KERAS}layers/activations/",
    ),
    _term(
        "output", "Output", "What the head gives for z; for a softmax the probability of “corner”.", HERE, "pictures"
    ),
    _term(
        "threshold",
        "Threshold",
        "The z above which a pattern is called a corner and below which it is rejected; exactly on it is wrong "
        "for either.",
        HERE,
        "pictures",
    ),
    _term(
        "slope",
        "Slope",
        "The derivative of the head at z: the factor with which any gradient of this pattern is multiplied.",
    ),
    _term(
        "saturation",
        "Saturation",
        "z lies where the head is flat, for hard_sigmoid from |z| = 3 outwards: the slope is exactly 0, and the "
        "pattern has "
        "no gradient there.",
        f"{KERAS}layers/activations/#hardsigmoid-function",
        "causes",
        "landscape",
    ),
    # Right and wrong
    _term("right", "Right", "Strictly on its label's side of the threshold.", HERE),
    _term("wrong", "Wrong", "Not on its label's side of the threshold: a missed target, or an other called a corner."),
    _term("called", "Called", "What the network answers: a corner above the threshold, not a corner below it."),
    _term("recall", "Recall", "The share of the targets that are called a corner.", LEARNING, "pictures"),
    _term(
        "precision", "Precision", "The share of the patterns called a corner that are targets.", LEARNING, "pictures"
    ),
    _term(
        "balanced-accuracy",
        "Balanced accuracy",
        "The mean of the share of targets and the share of others that are right: 50% for rejecting everything.",
        LEARNING,
    ),
    _term(
        "accuracy",
        "Accuracy",
        "The share of all 512 patterns that are right; with one target, rejecting everything already scores 99.8%.",
        LEARNING,
    ),
    _term(
        "separation-gap",
        "Separation gap",
        "The lowest z of a target minus the highest z of an other: above 0 some threshold separates them.",
    ),
    _term(
        "margin",
        "Margin",
        "The separation gap over twice the norm of the effective kernel: how far in pixels the boundary can be "
        "from both.",
        f"{LEARNING}, section 4.5",
    ),
    _term(
        "nearest",
        "Nearest to the wrong side",
        "The ten patterns that are wrong by most or, where none is, nearest to it: by the distance of z from the "
        "threshold.",
    ),
    _term(
        "worst-other",
        "Worst other",
        "The highest output of a pattern that is no target: the one nearest to being called a corner.",
        HERE,
        "story",
    ),
    # Training
    _term(
        "loss",
        "Loss",
        "What training makes small: Keras's mean over an epoch's batches.",
        f"{KERAS}losses/",
        "autopsy",
        "landscape",
    ),
    _term(
        "broadcasting",
        "Broadcasting",
        "Labels of shape (n,) against outputs of shape (n,1,1,1) are stretched to (n,1,1,n), so every output is "
        "compared with "
        "every label of its batch.",
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "autopsy",
        "causes",
        "story",
    ),
    _term(
        "imbalance",
        "Imbalance",
        "One target among 511 others: nearly every update is for the others.",
        LEARNING,
        "causes",
    ),
    _term(
        "epoch",
        "Epoch",
        "One pass over the training data.",
        f"{KERAS}models/model_training_apis/#fit-method",
        "causes",
        "pictures",
    ),
    _term("update", "Update", "One step of the optimizer, after one batch.", f"{KERAS}optimizers/"),
    _term(
        "gradient",
        "Gradient norm",
        "The length of the loss's gradient by all weights, in two parts: what the targets and what the others "
        "contribute.",
    ),
    _term(
        "live-fraction", "Live fraction", "The share of the 512 patterns at whose z the head has a slope other than 0."
    ),
    _term("solved", "Solved", "All 512 patterns are right.", HERE, "causes", "story"),
    _term("confident", "Confident", "Every target's output is above 0.9 and every other's below 0.1."),
    _term(
        "died",
        "Gradient died",
        "From this epoch on the target's z lies where the head is flat, so its gradient is exactly 0.",
    ),
    _term(
        "collapsed", "Collapsed", "From this epoch on every pattern is rejected, the target with an output below 0.1."
    ),
    _term("diverged", "Diverged", "The weights became infinite or not a number; the run keeps what was finite."),
)


def alphabetical() -> list[Term]:
    """All terms in the order of a glossary."""
    return sorted(TERMS.values(), key=lambda term: term.label.lower())
