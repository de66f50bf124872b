"""The tasks on the bench: numbers to find by hand. Tests hold each sentence about what happens against that."""

from corner_lab.language import msg
from corner_lab.network.patterns import COUNT
from corner_lab.tasks import bench_goals
from corner_lab.tasks.task import Task, Words

TEMPLATE = "-1,-1,-1,-1,1,1,-1,1,1"
_OTHER_TEMPLATE = "1,1,-1,1,1,-1,-1,-1,-1"  # of the bottom-right corner

BENCH_TASKS = (
    Task(
        word="corner_right",
        on="bench",
        words=Words(
            title=msg("Make the corner right with the mouse"),
            goal=msg(
                "All {all} patterns right, with kernel cells between −{most} and {most}.",
                all=COUNT,
                most=bench_goals.LARGEST_CELL,
            ),
            begins=msg("The bench opens with a bias that rejects the corner."),
            hint=msg(
                "The corner's z is 40 − 45. Drag the bias, or focus it and press the arrow keys, until that is "
                "above 0. Above −30 three of the corner's four pixels would do."
            ),
            told=msg("A bias of −35, halfway between the corner's sum of 40 and the next best, 30."),
            teaches=msg(
                "A kernel that copies the template needs one more number, the bias: it says how many of the "
                "template's pixels have to be on."
            ),
        ),
        start="v=1&weights=-10,-10,-10,-10,10,10,-10,10,10,-45,1,0",
        answer="v=1&weights=-10,-10,-10,-10,10,10,-10,10,10,-35,1,0",
        check=bench_goals.corner_right,
    ),
    Task(
        word="whole_numbers",
        on="bench",
        words=Words(
            title=msg("Whole numbers only"),
            goal=msg(
                "All {all} patterns right, every number on the bench whole and none beyond {most} in size.",
                all=COUNT,
                most=bench_goals.LARGEST_WHOLE,
            ),
            begins=msg("The bench opens with the matched filter, whose bias is −3.5."),
            hint=msg(
                "The corner's sum is 4, the next best is 3, and z has to be above 0 for one and below 0 for the "
                "other: exactly 0 is wrong for both. What does w₂ do to their distance, and b₂ to both?"
            ),
            told=msg("Bias −4, w₂ 2 and b₂ 1: z is 1 for the corner and −1 or less for all others."),
            teaches=msg(
                "The second convolution only scales and shifts z: with nothing between them two convolutions are one."
            ),
        ),
        start=f"v=1&weights={TEMPLATE},-3.5,1,0",
        answer=f"v=1&weights={TEMPLATE},-4,2,1",
        check=bench_goals.whole_numbers,
    ),
    Task(
        word="beat_rejecting",
        on="bench",
        words=Words(
            title=msg("Beat rejecting everything"),
            goal=msg(
                "With the labels as asked, weights on the bench that cost less than an output of 0 for every "
                "pattern does, in batches of 32 in their order. Then look at what they say of the corner."
            ),
            hint=msg(
                "Each output is compared with all 32 labels of its batch, and only one batch has a 1 among "
                "them. Which output is best for all, if it knows nothing of its pattern?"
            ),
            told=msg(
                "An output of 1/512 for everything costs 0.0019493, and rejecting everything 0.0019531. With "
                "the corner called a corner it cannot be done: that costs at least 0.0023, whatever the other "
                "outputs."
            ),
            teaches=msg("Under broadcast labels the loss can be lowered, but only with the corner rejected."),
        ),
        answer="v=1&weights=0,0,0,0,0,0,0,0,0,-2.98828125,1,0",
        check=bench_goals.beats_rejecting,
    ),
    Task(
        word="two_targets",
        on="bench",
        words=Words(
            title=msg("Two targets, one kernel: which pairs?"),
            goal=msg("Two targets of your choice, one kernel, all {all} patterns right.", all=COUNT),
            hint=msg("A kernel cell of 0 makes its pixel not count. Which two patterns are the same then?"),
            told=msg("Patterns 432 and 433 differ in the first pixel alone, and its cell is 0."),
            teaches=msg(
                "One kernel separates two targets only if they differ in one pixel: of any others two patterns "
                "that are no targets have the same pixels on, taken together."
            ),
        ),
        answer=f"target=432,433&v=1&weights=0{TEMPLATE[2:]},-3.5,1,0",
        check=bench_goals.two_targets,
    ),
    Task(
        word="two_targets_apart",
        on="bench",
        words=Words(
            title=msg("Two targets further apart"),
            goal=msg("Two targets that no one kernel separates, two kernels, all {all} patterns right.", all=COUNT),
            begins=msg(
                "The sidebar opens with the top-left and the bottom-right corner, and with two kernels and relu."
            ),
            hint=msg(
                "Each kernel can be the template of one target. relu cuts off what is below 0, so that the two "
                "do not disturb each other."
            ),
            told=msg(
                "Two templates with bias −3.5: after relu one gives 0.5 on its target, both 0 elsewhere, and b₂ "
                "is −0.25."
            ),
            teaches=msg("relu between makes two kernels two questions; without it they add up to one."),
        ),
        start="target=27,432&kernels=2&hidden=relu",
        answer=f"target=27,432&kernels=2&hidden=relu&v=1&weights={TEMPLATE},{_OTHER_TEMPLATE},-3.5,-3.5,1,1,-0.25",
        check=bench_goals.two_targets_apart,
    ),
    Task(
        word="four_corners",
        on="bench",
        words=Words(
            title=msg("Four orientations with the fewest kernels"),
            goal=msg(
                "The four corners of a rectangle as targets, no more kernels than are needed, all {all} "
                "patterns right.",
                all=COUNT,
            ),
            begins=msg("The sidebar opens with the four targets, and with four kernels and relu."),
            hint=msg(
                "Four templates take four kernels. But a kernel can also object: with a w₂ below 0, whatever "
                "lifts its sum above 0 is rejected."
            ),
            told=msg(
                "Two kernels with w₂ = −1: the four corners are the only patterns for which neither sum is "
                "above 0. One kernel cannot do it, with relu or without."
            ),
            teaches=msg(
                "What cannot be gathered by one plane can be cut out by two: kernels may say what a corner is not."
            ),
        ),
        start="target=27,54,216,432&kernels=4&hidden=relu",
        answer="target=27,54,216,432&kernels=2&hidden=relu&v=1"
        "&weights=7,-1,3,-2,-1,2,-2,8,-6,-6,1,-2,2,-2,-2,3,-8,7,-3,5,-1,-1,0.5",
        check=bench_goals.four_corners,
    ),
)
