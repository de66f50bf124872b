"""The scenes of an exported script: source that draws them as `corner_lab.pictures.scenes` does, and cuts them up.

A second time, as the script stands alone. Tests hold both to the same patches, for every kind.
"""

import json

from corner_lab.experiment.data.training_set import PATCHES, SIDE, Scenes
from corner_lab.export.python_source import code, comment
from corner_lab.pictures.corners import CORNER_PATTERNS, ORIENTATIONS
from corner_lab.pictures.scenes import FLIPPED, KINDS, RECTANGLES, SHORTEST, TRIES
from corner_lab.pictures.shapes import LETTERS, RUN

LONGEST = 11 * SIDE // 32  # side of a rectangle


def scenes(of: Scenes) -> list[list[str]]:
    """Paragraphs that end with the pattern of each patch of these scenes, and whether it is one of the corners asked
    for."""
    shapes = SHAPES.get(of.kind, ("rectangle",))
    sources = [_CANVAS, *(_SHAPES[name] for name in shapes), _DRAWN[of.kind], _PATCHES]
    of_all = of.count * PATCHES
    return [
        *(code(source) for source in sources),
        [
            *comment(f"What is learned from: the patches of {of.count} scenes. {KINDS[of.kind].explanation}"),
            f"parts = [patches(seed) for seed in range({of.seed}, {of.seed + of.count})]",
            f"patch = np.concatenate([part[0] for part in parts])  # ({of_all},): pattern indices",
            f"is_corner = np.concatenate([part[1] for part in parts])  # ({of_all},): its label",
        ],
    ]


_CANVAS = f'''
    class Canvas:
        """A scene that is being drawn: its pixels, and the corners of its rectangles."""

        def __init__(self, seed):
            self.random = np.random.Generator(np.random.PCG64(seed))
            self.picture = np.zeros(({SIDE}, {SIDE}), "uint8")
            self.corners = set()  # row, column, and the pattern of such a corner

        def between(self, low, high):
            return int(self.random.integers(low, high, endpoint=True))

        def sides(self, shortest={SHORTEST}):
            return self.between(shortest, {LONGEST}), self.between(shortest, {LONGEST})

        def somewhere(self, mask, margin=1):
            last_row, last_column = (np.array(self.picture.shape) - mask.shape - margin).tolist()
            if min(last_row, last_column) < margin:
                return None
            return self.between(margin, last_row), self.between(margin, last_column)

        def empty(self, row, column, mask, around):
            rows = slice(max(row - around, 0), row + mask.shape[0] + around)
            columns = slice(max(column - around, 0), column + mask.shape[1] + around)
            return not self.picture[rows, columns].any()

        def put(self, row, column, mask, corners):
            self.picture[row : row + mask.shape[0], column : column + mask.shape[1]] |= mask
            self.corners |= {{(row + r, column + c, pattern) for r, c, pattern in corners}}

        def put_apart(self, shape, place=None):
            """Draw shapes until one finds a place with an empty pixel all around."""
            for _ in range({TRIES}):
                mask, corners = shape()
                where = (place or self.somewhere)(mask)
                if where and self.empty(*where, mask, 1):
                    return self.put(*where, mask, corners)
'''

_ORDER = [CORNER_PATTERNS[word] for word in ORIENTATIONS]

_SHAPES = {
    "rectangle": f'''
    def rectangle(height, width, outlined=False):
        """Its pixels, and its corners clockwise: row, column, pattern."""
        mask = np.ones((height, width), "uint8")
        if outlined:
            mask[1:-1, 1:-1] = 0
        rows, columns = (0, 0, height - 1, height - 1), (0, width - 1, width - 1, 0)
        return mask, list(zip(rows, columns, {_ORDER}, strict=True))
    ''',
    "turned_rectangle": f'''
    def turned_rectangle(height, width, rise):
        """Turned by the angle whose tangent is rise / {RUN}; a corner is the pixel farthest out."""
        side = 2 * int((height**2 + width**2) ** 0.5) + 3
        offset = 2 * np.arange(side) - (side - 1)
        y, x = offset[:, None], offset[None, :]
        along, down, length = {RUN} * x + rise * y, {RUN} * y - rise * x, {RUN**2} + rise**2
        inside = (along**2 < width**2 * length) & (down**2 < height**2 * length)
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        mask, along, down = inside[box], along[box], down[box]
        corners = []
        outwards = (-1, -1), (-1, 1), (1, 1), (1, -1)
        for pattern, (y, x) in zip({_ORDER}, outwards, strict=True):
            reach = np.where(mask, y * down + x * along, np.iinfo("int64").min)
            corners.append((*divmod(int(reach.argmax()), mask.shape[1]), pattern))
        return mask.astype("uint8"), corners
    ''',
    "disk": """
    def disk(radius):
        offset = np.arange(-radius, radius + 1)
        return (offset[:, None] ** 2 + offset**2 <= radius * (radius + 1)).astype("uint8"), []
    """,
    "letter": """
    def letter(rows, scale):
        mask = np.array([[int(bit) for bit in row] for row in rows], "uint8")
        return mask.repeat(scale, axis=0).repeat(scale, axis=1), []
    """,
    "letters": "\n".join(["LETTERS = [", *(f"    {json.dumps(rows)}," for rows in LETTERS.values()), "]"]),
}
SHAPES = {"turned": ("turned_rectangle",), "distractors": ("rectangle", "disk", "letters", "letter")}  # of kinds


def _apart(what: str) -> str:
    return f"""
    def draw(canvas):
        for _ in range({RECTANGLES}):
            canvas.put_apart(lambda: {what})
    """


_DRAWN = {
    "filled": _apart("rectangle(*canvas.sides())"),
    "outlined": _apart("rectangle(*canvas.sides(), outlined=True)"),
    "overlapping": f"""
    def draw(canvas):
        for _ in range({RECTANGLES}):
            mask, corners = rectangle(*canvas.sides())
            canvas.put(*canvas.somewhere(mask), mask, corners)
    """,
    "touching": f"""
    def draw(canvas):
        there = []

        def beside(mask):
            if not there:
                return canvas.somewhere(mask)
            (height, width), (row, column, host) = mask.shape, there[canvas.between(0, len(there) - 1)]
            side = canvas.between(0, 3)
            if side % 2:  # to the right or to the left
                row += canvas.between(1 - height, host.shape[0] - 1)
                column += host.shape[1] if side == 1 else -width
            else:  # above or below
                column += canvas.between(1 - width, host.shape[1] - 1)
                row += -height if side == 0 else host.shape[0]
            inside = min(row, column) >= 1 and row + height < {SIDE} and column + width < {SIDE}
            return (row, column) if inside else None

        for _ in range({RECTANGLES}):
            for _ in range({TRIES}):
                mask, corners = rectangle(*canvas.sides())
                where = beside(mask)
                if where and canvas.empty(*where, mask, 0):
                    canvas.put(*where, mask, corners)
                    there.append((*where, mask))
                    break
    """,
    "border": f"""
    def draw(canvas):
        def at_border(mask):
            where = canvas.somewhere(mask, margin=0)
            if where is None:
                return None
            (row, column), (height, width) = where, mask.shape
            edges = (0, column), (row, {SIDE} - width), ({SIDE} - height, column), (row, 0)
            return edges[canvas.between(0, 3)]

        for _ in range({RECTANGLES}):
            canvas.put_apart(lambda: rectangle(*canvas.sides()), at_border)
    """,
    "thin": f"""
    def draw(canvas):
        def thin():
            sides = canvas.between(1, 2), canvas.between({SHORTEST}, {LONGEST})
            return rectangle(*(sides if canvas.between(0, 1) else sides[::-1]))

        for _ in range({RECTANGLES}):
            canvas.put_apart(thin)
    """,
    "noisy": f"""
    def draw(canvas):
        for _ in range({RECTANGLES}):
            canvas.put_apart(lambda: rectangle(*canvas.sides()))
        canvas.picture ^= (canvas.random.random(canvas.picture.shape) < {FLIPPED}).astype("uint8")
    """,
    "turned": f"""
    def draw(canvas):
        def turned():
            rise = canvas.between(2, {RUN}) * (1 if canvas.between(0, 1) else -1)
            return turned_rectangle(*canvas.sides(5), rise)

        for _ in range({RECTANGLES}):
            canvas.put_apart(turned)
    """,
    "distractors": f"""
    def draw(canvas):
        for _ in range({RECTANGLES // 2}):
            canvas.put_apart(lambda: rectangle(*canvas.sides()))
            canvas.put_apart(lambda: disk(canvas.between(2, {LONGEST // 2})))
            canvas.put_apart(lambda: letter(LETTERS[canvas.between(0, {len(LETTERS) - 1})], canvas.between(1, 2)))
    """,
}

_PATCHES = '''
    def patches(seed):
        """The patterns of a scene's 3x3 patches, and whether a corner of TARGET is in their middle."""
        canvas = Canvas(seed)
        draw(canvas)
        windows = np.lib.stride_tricks.sliding_window_view(canvas.picture, (3, 3))
        corner = np.zeros(canvas.picture.shape, bool)
        for row, column, pattern in canvas.corners:
            corner[row, column] |= pattern in TARGET
        return windows.reshape(-1, 9) @ 2 ** np.arange(9), corner[1:-1, 1:-1].ravel()
'''
