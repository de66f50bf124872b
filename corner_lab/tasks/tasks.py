"""The tasks, in their order. Tests train every answer, and hold each sentence about what happens against that."""

from dataclasses import replace

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.network.patterns import COUNT
from corner_lab.tasks import bench_goals, run_goals
from corner_lab.tasks.task import Task

_TEMPLATE = "-1,-1,-1,-1,1,1,-1,1,1"
_HELD = ",".join(f"k{cell}:{value}" for cell, value in enumerate(_TEMPLATE.split(",")))
_OTHER_TEMPLATE = "1,1,-1,1,1,-1,-1,-1,-1"  # of the bottom-right corner
_OVERSAMPLED = "labels=aligned&balance=oversample"

_IN_ORDER = (
    Task(
        word="corner_right",
        title="Make the corner right with the mouse",
        goal=f"All {COUNT} patterns right, with kernel cells between −{bench_goals.LARGEST_CELL} and "
        f"{bench_goals.LARGEST_CELL}.",
        on="bench",
        start="v=1&weights=-10,-10,-10,-10,10,10,-10,10,10,-45,1,0",
        begins="The bench opens with a bias that rejects the corner.",
        hint="The corner's z is 40 − 45. Drag the bias, or focus it and press the arrow keys, until that is "
        "above 0. Above −30 three of the corner's four pixels would do.",
        answer="v=1&weights=-10,-10,-10,-10,10,10,-10,10,10,-35,1,0",
        told="A bias of −35, halfway between the corner's sum of 40 and the next best, 30.",
        teaches="A kernel that copies the template needs one more number, the bias: it says how many of the "
        "template's pixels have to be on.",
        check=bench_goals.corner_right,
    ),
    Task(
        word="whole_numbers",
        title="Whole numbers only",
        goal=f"All {COUNT} patterns right, every number on the bench whole and none beyond "
        f"{bench_goals.LARGEST_WHOLE} in size.",
        on="bench",
        start=f"v=1&weights={_TEMPLATE},-3.5,1,0",
        begins="The bench opens with the matched filter, whose bias is −3.5.",
        hint="The corner's sum is 4, the next best is 3, and z has to be above 0 for one and below 0 for the "
        "other: exactly 0 is wrong for both. What does w₂ do to their distance, and b₂ to both?",
        answer=f"v=1&weights={_TEMPLATE},-4,2,1",
        told="Bias −4, w₂ 2 and b₂ 1: z is 1 for the corner and −1 or less for all others.",
        teaches="The second convolution only scales and shifts z: with nothing between them two convolutions are one.",
        check=bench_goals.whole_numbers,
    ),
    Task(
        word="unlearn",
        title="Unlearn a perfect start",
        goal=f"With the labels as asked, a run that starts with all {COUNT} patterns right and ends with the corner "
        "rejected.",
        on="run",
        hint="The stage has a button that trains from perfect weights. From the hand-set ones nothing moves.",
        answer="init=matched&v=1&epoch=100",
        told="The matched filter, trained as asked: after 100 epochs the corner's output is 1/32.",
        teaches="Perfect weights are no minimum of the question's loss: what fails is the loss, not the search.",
        check=run_goals.unlearned,
    ),
    Task(
        word="kill_the_gradient",
        title=f"Kill the corner's gradient in fewer than {run_goals.SOON} epochs",
        goal="A run from random weights with hard_sigmoid, in which the corner's gradient is exactly 0 after "
        "one epoch or two and stays so, with the corner rejected.",
        on="run",
        hint="hard_sigmoid is flat where z is −3 or less, and every batch pushes z down. How far does one epoch go?",
        answer="learning_rate=0.03&epochs=10&v=1&epoch=10",
        told="Three times the question's learning rate: dead from epoch 2 on. As asked it takes 4.",
        teaches="A gradient can be gone before the loss looks bad: where the head is flat the corner says "
        "nothing any more, however long one trains.",
        check=run_goals.killed,
    ),
    Task(
        word="beat_rejecting",
        title="Beat rejecting everything",
        goal="With the labels as asked, weights on the bench that cost less than an output of 0 for every "
        "pattern does, in batches of 32 in their order. Then look at what they say of the corner.",
        on="bench",
        hint="Each output is compared with all 32 labels of its batch, and only one batch has a 1 among them. "
        "Which output is best for all, if it knows nothing of its pattern?",
        answer="v=1&weights=0,0,0,0,0,0,0,0,0,-2.98828125,1,0",
        told="An output of 1/512 for everything costs 0.0019493, and rejecting everything 0.0019531. With the "
        "corner called a corner it cannot be done: that costs at least 0.0023, whatever the other outputs.",
        teaches="Under broadcast labels the loss can be lowered, but only with the corner rejected.",
        check=bench_goals.beats_rejecting,
    ),
    Task(
        word="one_change",
        title="Solve it with one change",
        goal=f"Label shapes aligned, one other setting changed, and all {COUNT} patterns right at the end of a "
        "run from random weights. Epochs, seed and the stop rule may be anything.",
        on="run",
        hint="Two causes are left: the head saturates, and the corner is one sample in 512.",
        answer=f"{_OVERSAMPLED}&v=1&epoch=100",
        told="Oversampling: solved at epoch 52. The head sigmoid alone also does it, at epoch 822.",
        teaches="Aligned shapes are not enough; with them one more change can be.",
        check=run_goals.one_change,
    ),
    Task(
        word="in_passing",
        title="Solve it in passing, and lose it",
        goal=f"With the labels as asked, a run from random weights that has all {COUNT} patterns right at some "
        "epoch, and not at its end.",
        on="run",
        hint="Half of the samples can be corners without a change to the label shapes. Give it 500 epochs.",
        answer="balance=oversample&epochs=500&v=1&epoch=500",
        told="Oversampled as asked: solved at epoch 323; after 500 epochs 460 of 512 are right.",
        teaches="To be right at some epoch is not to have learned it: this loss leads past the answer, not to it.",
        check=run_goals.in_passing,
    ),
    Task(
        word="be_sure",
        title="Be sure of it",
        goal="A run from random weights that ends confident: the corner's output above 0.9, all others' below "
        "0.1 (on a linear head z is compared, see the glossary).",
        on="run",
        hint="Whatever solves it goes on in the same direction for a while.",
        answer=f"{_OVERSAMPLED}&epochs=200&v=1&epoch=200",
        told="Oversampled, all 512 are right at epoch 52, and sure at epoch 135.",
        teaches="A verdict asks for the right side of the threshold alone; to be far from it takes longer.",
        check=run_goals.sure,
    ),
    Task(
        word="from_zeros",
        title="Start from zeros",
        goal=f"A run whose weights are all 0 at the start, with all {COUNT} patterns right at the end.",
        on="run",
        hint="With two convolutions in a row the gradient of each is a multiple of the other's weights, and "
        "these are 0. Do without one.",
        answer=f"{_OVERSAMPLED}&second_conv=false&init=zeros&epochs=300&v=1&epoch=300",
        told="One convolution, oversampled: solved at epoch 238. With two of them only b₂ moves.",
        teaches="Two layers of zeros give each other a gradient of 0; that is one reason to start at random.",
        check=run_goals.from_zeros,
    ),
    Task(
        word="plain_sgd",
        title="Plain SGD",
        goal=f"A run from random weights with the optimizer SGD, and all {COUNT} patterns right at the end.",
        on="run",
        hint="Its step is the gradient times the learning rate, nothing else. Which head and loss keep the "
        "gradient alive, which batches let the corner count, and how large are the steps then?",
        answer=f"{_OVERSAMPLED}&head=sigmoid&loss=binary_crossentropy&optimizer=sgd&learning_rate=0.1"
        "&epochs=300&v=1&epoch=300",
        told="Sigmoid, cross-entropy, oversampled, a learning rate of 0.1: solved at epoch 174.",
        teaches="Adam scales its steps by the gradients that it has seen; with SGD the learning rate has to be "
        "chosen for them.",
        check=run_goals.plain_sgd,
    ),
    Task(
        word="few_updates",
        title=f"At most {run_goals.MOST_UPDATES} updates",
        goal=f"A run from random weights that has all {COUNT} patterns right after at most "
        f"{run_goals.MOST_UPDATES} updates.",
        on="run",
        hint="With full batches an epoch is one update. A linear head with a hinge loss does not saturate on "
        "the wrong side, class weights let the corner count, and the steps may be large.",
        answer=f"{SCENARIOS['the short way'].experiment.query}&v=1&epoch=11",
        told="One convolution, a linear head, hinge, class weights, RMSprop at 3.0: solved after 11 updates.",
        teaches="Epochs do not compare across batch sizes, updates do; and a few large steps can be enough.",
        check=run_goals.few_updates,
    ),
    Task(
        word="two_free",
        title="Freeze all but two numbers",
        goal="A run in which training may change two numbers at most, the others being locked, that does not "
        f"start with all {COUNT} patterns right and ends so.",
        on="run",
        hint="Type the template into the kernel, +1 and −1, and lock its nine cells and b₂. Then train, from "
        "the sidebar, with settings that solve it.",
        answer=f"{_OVERSAMPLED}&held={_HELD},b2:0&v=1&epoch=100",
        told="The kernel is the template and b₂ is 0; bias and w₂ are learned: solved at epoch 81.",
        teaches="Once the kernel is the template, all that is left to learn is a threshold and a scale.",
        check=run_goals.two_free,
    ),
    Task(
        word="two_targets",
        title="Two targets, one kernel: which pairs?",
        goal=f"Two targets of your choice, one kernel, all {COUNT} patterns right.",
        on="bench",
        hint="A kernel cell of 0 makes its pixel not count. Which two patterns are the same then?",
        answer=f"target=432,433&v=1&weights=0{_TEMPLATE[2:]},-3.5,1,0",
        told="Patterns 432 and 433 differ in the first pixel alone, and its cell is 0.",
        teaches="One kernel separates two targets only if they differ in one pixel: of any others two patterns "
        "that are no targets have the same pixels on, taken together.",
        check=bench_goals.two_targets,
    ),
    Task(
        word="two_targets_apart",
        title="Two targets further apart",
        goal=f"Two targets that no one kernel separates, two kernels, all {COUNT} patterns right.",
        on="bench",
        start="target=27,432&kernels=2&hidden=relu",
        begins="The sidebar opens with the top-left and the bottom-right corner, and with two kernels and relu.",
        hint="Each kernel can be the template of one target. relu cuts off what is below 0, so that the two do "
        "not disturb each other.",
        answer=f"target=27,432&kernels=2&hidden=relu&v=1&weights={_TEMPLATE},{_OTHER_TEMPLATE},-3.5,-3.5,1,1,-0.25",
        told="Two templates with bias −3.5: after relu one gives 0.5 on its target, both 0 elsewhere, and b₂ is −0.25.",
        teaches="relu between makes two kernels two questions; without it they add up to one.",
        check=bench_goals.two_targets_apart,
    ),
    Task(
        word="four_corners",
        title="Four orientations with the fewest kernels",
        goal="The four corners of a rectangle as targets, no more kernels than are needed, "
        f"all {COUNT} patterns right.",
        on="bench",
        start="target=27,54,216,432&kernels=4&hidden=relu",
        begins="The sidebar opens with the four targets, and with four kernels and relu.",
        hint="Four templates take four kernels. But a kernel can also object: with a w₂ below 0, whatever lifts "
        "its sum above 0 is rejected.",
        answer="target=27,54,216,432&kernels=2&hidden=relu&v=1"
        "&weights=7,-1,3,-2,-1,2,-2,8,-6,-6,1,-2,2,-2,-2,3,-8,7,-3,5,-1,-1,0.5",
        told="Two kernels with w₂ = −1: the four corners are the only patterns for which neither sum is above "
        "0. One kernel cannot do it, with relu or without.",
        teaches="What cannot be gathered by one plane can be cut out by two: kernels may say what a corner is not.",
        check=bench_goals.four_corners,
    ),
)

TASKS = tuple(replace(task, number=number) for number, task in enumerate(_IN_ORDER, 1))
BY_WORD = {task.word: task for task in TASKS}
