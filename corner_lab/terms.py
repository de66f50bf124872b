"""The words of the app: each term's label, one sentence, its source, and the pages on which it is met.

The stage has them from `ui/components/stage/canvas/term_list.js`, which `python tools/js.py format` writes from here.
The glossary lists them all. Choices (heads, losses, ...) have registries of their own beside what they choose.
"""

from corner_lab.language import msg
from corner_lab.registry import Term, registry

__all__ = ["TERMS", "Term", "alphabetical"]

KERAS = "https://keras.io/api/"
ACTIVATIONS = f"{KERAS}layers/activations/"
LEARNING = "Hastie, Tibshirani, Friedman: The Elements of Statistical Learning"

#: All terms, by word.
TERMS: dict[str, Term] = registry(
    # What is seen and what is asked
    Term(
        "pattern",
        msg("Pattern"),
        msg(
            "One of the 512 ways to fill 3 by 3 binary pixels; its index is the sum of 2 to the power of the place of "
            "every pixel that is on, row by row."
        ),
        further="story pictures",
    ),
    Term(
        "target",
        msg("Target"),
        msg("A pattern that is to be called a corner; with the question as asked pattern 432 alone."),
        further="story autopsy",
    ),
    Term(
        "other",
        msg("Other"),
        msg("A pattern that is no target and is to be rejected: 511 of them where there is one target."),
    ),
    Term(
        "hamming-distance",
        msg("Hamming distance"),
        msg("How many of the nine pixels differ between a pattern and the nearest target."),
        "R. W. Hamming: Error detecting and error correcting codes (1950)",
    ),
    Term(
        "atlas",
        msg("Atlas"),
        msg(
            "All 512 patterns at once: a dot is an other that is rejected, a diamond one that is wrongly called a "
            "corner, a star a target, filled where it is right; the ring is round the pattern on the bench, and "
            "hatched is where the gradient is 0."
        ),
    ),
    Term(
        "asinh-scale",
        msg("asinh scale"),
        msg(
            "An axis on which z lies at asinh(z): even near 0, logarithmic far out, so that what is straight looks "
            "bent."
        ),
    ),
    # The network
    Term(
        "kernel",
        msg("Kernel"),
        msg(
            "The nine weights of the 3x3 convolution, laid over the pixels without a flip; blue is positive, orange "
            "negative."
        ),
        f"{KERAS}layers/convolution_layers/convolution2d/",
        further="story landscape pictures",
    ),
    Term(
        "product",
        msg("Products"),
        msg("Each pixel times the kernel's weight that lies over it: the weight where the pixel is on."),
        further="pictures",
    ),
    Term("bias", msg("Bias"), msg("A learned number that is added to the sum of the products."), further="pictures"),
    Term(
        "sum",
        msg("Sum"),
        msg("The sum of the nine products plus the bias: what the 3x3 convolution gives."),
        further="pictures",
    ),
    Term(
        "relu",
        "relu",
        msg(
            "The activation function that may stand between the two convolutions: what is above 0 stays, the rest is 0."
        ),
        ACTIVATIONS,
    ),
    Term(
        "w2",
        "w₂",
        msg("The weight of the 1x1 convolution, with which the sum is multiplied: one for each kernel."),
        further="pictures",
    ),
    Term(
        "part",
        msg("Part"),
        msg("What one of several kernels adds to z: its sum, behind relu where there is one, times its w₂."),
        further="pictures",
    ),
    Term("b2", "b₂", msg("The bias of the 1x1 convolution, which is added last."), further="pictures"),
    Term(
        "effective-kernel",
        msg("Kernel × w₂"),
        msg(
            "The effective kernel, the kernel times w₂, and of several kernels their sum: how far each pixel moves z; "
            "a negative w₂ turns all of a kernel's signs round."
        ),
        further="pictures",
    ),
    Term(
        "matched-filter",
        msg("Matched filter"),
        msg(
            "The kernel with +1 where the target has a pixel on and −1 elsewhere; of all kernels of its length it "
            "separates the target best."
        ),
        "G. L. Turin: An introduction to matched filters (1960)",
        further="autopsy landscape pictures",
    ),
    Term(
        "pre-activation",
        msg("Pre-activation z"),
        msg("The number that goes into the head; for a sigmoid it is the logit."),
        further="autopsy pictures",
    ),
    Term("head", msg("Head"), msg("The activation function at the end, which makes the output from z."), ACTIVATIONS),
    Term(
        "output",
        msg("Output"),
        msg("What the head gives for z; for a softmax the probability of “corner”."),
        further="pictures",
    ),
    Term(
        "threshold",
        msg("Threshold"),
        msg(
            "The z above which a pattern is called a corner and below which it is rejected; exactly on it is wrong for "
            "either."
        ),
        further="pictures",
    ),
    Term(
        "slope",
        msg("Slope"),
        msg("The derivative of the head at z: the factor with which any gradient of this pattern is multiplied."),
    ),
    Term(
        "saturation",
        msg("Saturation"),
        msg(
            "z lies where the head is flat, for hard_sigmoid from |z| = 3 outwards: the slope is exactly 0, and the "
            "pattern has no gradient there."
        ),
        f"{ACTIVATIONS}#hardsigmoid-function",
        further="causes landscape",
    ),
    # Right and wrong
    Term("right", msg("Right"), msg("Strictly on its label's side of the threshold.")),
    Term(
        "wrong",
        msg("Wrong"),
        msg("Not on its label's side of the threshold: a missed target, or an other called a corner."),
    ),
    Term(
        "called", msg("Called"), msg("What the network answers: a corner above the threshold, not a corner below it.")
    ),
    Term(
        "recall", msg("Recall"), msg("The share of the targets that are called a corner."), LEARNING, further="pictures"
    ),
    Term(
        "precision",
        msg("Precision"),
        msg("The share of the patterns called a corner that are targets."),
        LEARNING,
        further="pictures",
    ),
    Term(
        "balanced-accuracy",
        msg("Balanced accuracy"),
        msg("The mean of the share of targets and the share of others that are right: 50% for rejecting everything."),
        LEARNING,
    ),
    Term(
        "accuracy",
        msg("Accuracy"),
        msg(
            "The share of all 512 patterns that are right; with one target, rejecting everything already scores 99.8%."
        ),
        LEARNING,
    ),
    Term(
        "separation-gap",
        msg("Separation gap"),
        msg("The lowest z of a target minus the highest z of an other: above 0 some threshold separates them."),
    ),
    Term(
        "margin",
        msg("Margin"),
        msg(
            "The separation gap over twice the norm of the effective kernel: how far in pixels the boundary can be "
            "from both."
        ),
        msg("{work}, section 4.5", work=LEARNING),
    ),
    Term(
        "nearest",
        msg("Nearest to the wrong side"),
        msg(
            "The ten patterns that are wrong by most or, where none is, nearest to it: by the distance of z from the "
            "threshold."
        ),
    ),
    Term(
        "worst-other",
        msg("Worst other"),
        msg("The highest output of a pattern that is no target: the one nearest to being called a corner."),
        further="story",
    ),
    # Training
    Term(
        "loss",
        msg("Loss"),
        msg("What training makes small: Keras's mean over an epoch's batches."),
        f"{KERAS}losses/",
        further="autopsy landscape",
    ),
    Term(
        "broadcasting",
        msg("Broadcasting"),
        msg(
            "Labels of shape (n,) against outputs of shape (n,1,1,1) are stretched to (n,1,1,n), so every output is "
            "compared with every label of its batch."
        ),
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        further="autopsy causes story",
    ),
    Term(
        "imbalance",
        msg("Imbalance"),
        msg("One target among 511 others: nearly every update is for the others."),
        LEARNING,
        further="causes",
    ),
    Term(
        "epoch",
        msg("Epoch"),
        msg("One pass over the training data."),
        f"{KERAS}models/model_training_apis/#fit-method",
        further="causes pictures",
    ),
    Term("update", msg("Update"), msg("One step of the optimizer, after one batch."), f"{KERAS}optimizers/"),
    Term(
        "gradient",
        msg("Gradient norm"),
        msg(
            "The length of the loss's gradient by all weights, in two parts: what the targets and what the others "
            "contribute."
        ),
    ),
    Term(
        "live-fraction",
        msg("Live fraction"),
        msg("The share of the 512 patterns at whose z the head has a slope other than 0."),
    ),
    Term("solved", msg("Solved"), msg("All 512 patterns are right."), further="causes story"),
    Term("confident", msg("Confident"), msg("Every target's output is above 0.9 and every other's below 0.1.")),
    Term(
        "died",
        msg("Gradient died"),
        msg("From this epoch on the target's z lies where the head is flat, so its gradient is exactly 0."),
    ),
    Term(
        "collapsed",
        msg("Collapsed"),
        msg("From this epoch on every pattern is rejected, the target with an output below 0.1."),
    ),
    Term(
        "diverged", msg("Diverged"), msg("The weights became infinite or not a number; the run keeps what was finite.")
    ),
)


def alphabetical() -> list[Term]:
    """All terms in the order of a glossary, by the labels said; GB 18030 has the common characters by pinyin."""
    return sorted(TERMS.values(), key=lambda term: term.label.lower().encode("gb18030"))
