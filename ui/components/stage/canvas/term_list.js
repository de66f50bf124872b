// @ts-check
// The terms of corner_lab/terms.py: word, label, sentence. `python tools/js.py format` writes this.

export const TERM_LIST = [
  [
    "pattern",
    "Pattern",
    "One of the 512 ways to fill 3 by 3 binary pixels; its index is the sum of 2 to the power of the place of every pixel that is on, row by row.",
  ],
  ["target", "Target", "A pattern that is to be called a corner; with the question as asked pattern 432 alone."],
  ["other", "Other", "A pattern that is no target and is to be rejected: 511 of them where there is one target."],
  [
    "hamming-distance",
    "Hamming distance",
    "How many of the nine pixels differ between a pattern and the nearest target.",
  ],
  [
    "atlas",
    "Atlas",
    "All 512 patterns at once: a dot is an other that is rejected, a diamond one that is wrongly called a corner, a star a target, filled where it is right; the ring is round the pattern on the bench, and hatched is where the gradient is 0.",
  ],
  [
    "asinh-scale",
    "asinh scale",
    "An axis on which z lies at asinh(z): even near 0, logarithmic far out, so that what is straight looks bent.",
  ],
  [
    "kernel",
    "Kernel",
    "The nine weights of the 3x3 convolution, laid over the pixels without a flip; blue is positive, orange negative.",
  ],
  ["product", "Products", "Each pixel times the kernel's weight that lies over it: the weight where the pixel is on."],
  ["bias", "Bias", "A learned number that is added to the sum of the products."],
  ["sum", "Sum", "The sum of the nine products plus the bias: what the 3x3 convolution gives."],
  ["w2", "w₂", "The weight of the 1x1 convolution, with which the sum is multiplied."],
  ["b2", "b₂", "The bias of the 1x1 convolution, which is added last."],
  [
    "effective-kernel",
    "Kernel × w₂",
    "The effective kernel, the kernel times w₂: how far each pixel moves z; a negative w₂ turns all its signs round.",
  ],
  [
    "matched-filter",
    "Matched filter",
    "The kernel with +1 where the target has a pixel on and −1 elsewhere; of all kernels of its length it separates the target best.",
  ],
  ["pre-activation", "Pre-activation z", "The number that goes into the head; for a sigmoid it is the logit."],
  ["head", "Head", "The activation function at the end, which makes the output from z."],
  ["output", "Output", "What the head gives for z; for a softmax the probability of “corner”."],
  [
    "threshold",
    "Threshold",
    "The z above which a pattern is called a corner and below which it is rejected; exactly on it is wrong for either.",
  ],
  [
    "slope",
    "Slope",
    "The derivative of the head at z: the factor with which any gradient of this pattern is multiplied.",
  ],
  [
    "saturation",
    "Saturation",
    "z lies where the head is flat, for hard_sigmoid from |z| = 3 outwards: the slope is exactly 0, and the pattern has no gradient there.",
  ],
  ["right", "Right", "Strictly on its label's side of the threshold."],
  ["wrong", "Wrong", "Not on its label's side of the threshold: a missed target, or an other called a corner."],
  ["called", "Called", "What the network answers: a corner above the threshold, not a corner below it."],
  ["recall", "Recall", "The share of the targets that are called a corner."],
  ["precision", "Precision", "The share of the patterns called a corner that are targets."],
  [
    "balanced-accuracy",
    "Balanced accuracy",
    "The mean of the share of targets and the share of others that are right: 50% for rejecting everything.",
  ],
  [
    "accuracy",
    "Accuracy",
    "The share of all 512 patterns that are right; with one target, rejecting everything already scores 99.8%.",
  ],
  [
    "separation-gap",
    "Separation gap",
    "The lowest z of a target minus the highest z of an other: above 0 some threshold separates them.",
  ],
  [
    "margin",
    "Margin",
    "The separation gap over twice the norm of the effective kernel: how far in pixels the boundary can be from both.",
  ],
  [
    "nearest",
    "Nearest to the wrong side",
    "The ten patterns that are wrong by most or, where none is, nearest to it: by the distance of z from the threshold.",
  ],
  [
    "worst-other",
    "Worst other",
    "The highest output of a pattern that is no target: the one nearest to being called a corner.",
  ],
  ["loss", "Loss", "What training makes small: Keras's mean over an epoch's batches."],
  [
    "broadcasting",
    "Broadcasting",
    "Labels of shape (n,) against outputs of shape (n,1,1,1) are stretched to (n,1,1,n), so every output is compared with every label of its batch.",
  ],
  ["imbalance", "Imbalance", "One target among 511 others: nearly every update is for the others."],
  ["epoch", "Epoch", "One pass over the training data."],
  ["update", "Update", "One step of the optimizer, after one batch."],
  [
    "gradient",
    "Gradient norm",
    "The length of the loss's gradient by all weights, in two parts: what the targets and what the others contribute.",
  ],
  ["live-fraction", "Live fraction", "The share of the 512 patterns at whose z the head has a slope other than 0."],
  ["solved", "Solved", "All 512 patterns are right."],
  ["confident", "Confident", "Every target's output is above 0.9 and every other's below 0.1."],
  [
    "died",
    "Gradient died",
    "From this epoch on the target's z lies where the head is flat, so its gradient is exactly 0.",
  ],
  ["collapsed", "Collapsed", "From this epoch on every pattern is rejected, the target with an output below 0.1."],
  ["diverged", "Diverged", "The weights became infinite or not a number; the run keeps what was finite."],
];
