"""The tasks of a run: settings to find. Tests train every answer, and hold each sentence about it against that."""

from corner_lab.experiment.scenarios import SCENARIOS
from corner_lab.language import msg
from corner_lab.network.patterns import COUNT
from corner_lab.tasks import run_goals
from corner_lab.tasks.bench_tasks import TEMPLATE
from corner_lab.tasks.task import Task, Words

_HELD = ",".join(f"k{cell}:{value}" for cell, value in enumerate(TEMPLATE.split(",")))
_OVERSAMPLED = "labels=aligned&balance=oversample"

RUN_TASKS = (
    Task(
        word="unlearn",
        on="run",
        words=Words(
            title=msg("Unlearn a perfect start"),
            goal=msg(
                "With the labels as asked, a run that starts with all {all} patterns right and ends with the "
                "corner rejected.",
                all=COUNT,
            ),
            hint=msg("The stage has a button that trains from perfect weights. From the hand-set ones nothing moves."),
            told=msg("The matched filter, trained as asked: after 100 epochs the corner's output is 1/32."),
            teaches=msg(
                "Perfect weights are no minimum of the question's loss: what fails is the loss, not the search."
            ),
        ),
        answer="init=matched&v=1&epoch=100",
        check=run_goals.unlearned,
    ),
    Task(
        word="kill_the_gradient",
        on="run",
        words=Words(
            title=msg("Kill the corner's gradient in fewer than {epochs} epochs", epochs=run_goals.SOON),
            goal=msg(
                "A run from random weights with hard_sigmoid, in which the corner's gradient is exactly 0 after "
                "one epoch or two and stays so, with the corner rejected."
            ),
            hint=msg(
                "hard_sigmoid is flat where z is −3 or less, and every batch pushes z down. How far does one epoch go?"
            ),
            told=msg("Three times the question's learning rate: dead from epoch 2 on. As asked it takes 4."),
            teaches=msg(
                "A gradient can be gone before the loss looks bad: where the head is flat the corner says "
                "nothing any more, however long one trains."
            ),
        ),
        answer="learning_rate=0.03&epochs=10&v=1&epoch=10",
        check=run_goals.killed,
    ),
    Task(
        word="one_change",
        on="run",
        words=Words(
            title=msg("Solve it with one change"),
            goal=msg(
                "Label shapes aligned, one other setting changed, and all {all} patterns right at the end of a "
                "run from random weights. Epochs, seed and the stop rule may be anything.",
                all=COUNT,
            ),
            hint=msg("Two causes are left: the head saturates, and the corner is one sample in 512."),
            told=msg("Oversampling: solved at epoch 52. The head sigmoid alone also does it, at epoch 822."),
            teaches=msg("Aligned shapes are not enough; with them one more change can be."),
        ),
        answer=f"{_OVERSAMPLED}&v=1&epoch=100",
        check=run_goals.one_change,
    ),
    Task(
        word="in_passing",
        on="run",
        words=Words(
            title=msg("Solve it in passing, and lose it"),
            goal=msg(
                "With the labels as asked, a run from random weights that has all {all} patterns right at some "
                "epoch, and not at its end.",
                all=COUNT,
            ),
            hint=msg("Half of the samples can be corners without a change to the label shapes. Give it 500 epochs."),
            told=msg("Oversampled as asked: solved at epoch 323; after 500 epochs 460 of 512 are right."),
            teaches=msg(
                "To be right at some epoch is not to have learned it: this loss leads past the answer, not to it."
            ),
        ),
        answer="balance=oversample&epochs=500&v=1&epoch=500",
        check=run_goals.in_passing,
    ),
    Task(
        word="be_sure",
        on="run",
        words=Words(
            title=msg("Be sure of it"),
            goal=msg(
                "A run from random weights that ends confident: the corner's output above 0.9, all others' "
                "below 0.1 (on a linear head z is compared, see the glossary)."
            ),
            hint=msg("Whatever solves it goes on in the same direction for a while."),
            told=msg("Oversampled, all 512 are right at epoch 52, and sure some eighty epochs later."),
            teaches=msg("A verdict asks for the right side of the threshold alone; to be far from it takes longer."),
        ),
        answer=f"{_OVERSAMPLED}&epochs=200&v=1&epoch=200",
        check=run_goals.sure,
    ),
    Task(
        word="from_zeros",
        on="run",
        words=Words(
            title=msg("Start from zeros"),
            goal=msg(
                "A run whose weights are all 0 at the start, with all {all} patterns right at the end.", all=COUNT
            ),
            hint=msg(
                "With two convolutions in a row the gradient of each is a multiple of the other's weights, and "
                "these are 0. Do without one."
            ),
            told=msg("One convolution, oversampled: solved at epoch 238. With two of them only b₂ moves."),
            teaches=msg("Two layers of zeros give each other a gradient of 0; that is one reason to start at random."),
        ),
        answer=f"{_OVERSAMPLED}&second_conv=false&init=zeros&epochs=300&v=1&epoch=300",
        check=run_goals.from_zeros,
    ),
    Task(
        word="plain_sgd",
        on="run",
        words=Words(
            title=msg("Plain SGD"),
            goal=msg(
                "A run from random weights with the optimizer SGD, and all {all} patterns right at the end.", all=COUNT
            ),
            hint=msg(
                "Its step is the gradient times the learning rate, nothing else. Which head and loss keep the "
                "gradient alive, which batches let the corner count, and how large are the steps then?"
            ),
            told=msg("Sigmoid, cross-entropy, oversampled, a learning rate of 0.1: solved at epoch 174."),
            teaches=msg(
                "Adam scales its steps by the gradients that it has seen; with SGD the learning rate has to be "
                "chosen for them."
            ),
        ),
        answer=f"{_OVERSAMPLED}&head=sigmoid&loss=binary_crossentropy&optimizer=sgd&learning_rate=0.1"
        "&epochs=300&v=1&epoch=300",
        check=run_goals.plain_sgd,
    ),
    Task(
        word="few_updates",
        on="run",
        words=Words(
            title=msg("At most {updates} updates", updates=run_goals.MOST_UPDATES),
            goal=msg(
                "A run from random weights that has all {all} patterns right after at most {updates} updates.",
                all=COUNT,
                updates=run_goals.MOST_UPDATES,
            ),
            hint=msg(
                "With full batches an epoch is one update. A linear head with a hinge loss does not saturate on "
                "the wrong side, class weights let the corner count, and the steps may be large."
            ),
            told=msg("One convolution, a linear head, hinge, class weights, RMSprop at 3.0: solved after 11 updates."),
            teaches=msg("Epochs do not compare across batch sizes, updates do; and a few large steps can be enough."),
        ),
        answer=f"{SCENARIOS['the short way'].experiment.query}&v=1&epoch=11",
        check=run_goals.few_updates,
    ),
    Task(
        word="two_free",
        on="run",
        words=Words(
            title=msg("Freeze all but two numbers"),
            goal=msg(
                "A run in which training may change two numbers at most, the others being locked, that does not "
                "start with all {all} patterns right and ends so.",
                all=COUNT,
            ),
            hint=msg(
                "Type the template into the kernel, +1 and −1, and lock its nine cells and b₂. Then train, from "
                "the sidebar, with settings that solve it."
            ),
            told=msg("The kernel is the template and b₂ is 0; bias and w₂ are learned: solved at epoch 81."),
            teaches=msg("Once the kernel is the template, all that is left to learn is a threshold and a scale."),
        ),
        answer=f"{_OVERSAMPLED}&held={_HELD},b2:0&v=1&epoch=100",
        check=run_goals.two_free,
    ),
)
