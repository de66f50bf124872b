"""Write what the app serves and never changes into a folder, each file as it is, and compressed with gzip and Brotli:

    python tools/static_files.py FOLDER

Streamlit's scripts and styles, and the components' modules, at the paths that they have on the server. For a proxy that
serves them itself (deploy/nginx.conf). Needs the command `brotli`.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPRESSED = {".js", ".css", ".json", ".svg", ".txt", ".map", ".wasm"}  # fonts and pictures are already


def write(folder: Path) -> list[Path]:
    """The files, before they are compressed. Raises FileExistsError for a folder that is there."""
    sys.path.insert(0, str(ROOT))
    import streamlit

    import ui
    from ui.server import js_modules

    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        importlib.import_module(module.name)  # a component hands its modules over when it is imported
    shutil.copytree(Path(streamlit.__file__).parent / "static" / "static", folder / "static")
    for path, source in js_modules.files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source, encoding="utf-8")
    return sorted(path for path in folder.rglob("*") if path.is_file())


def compress(files: list[Path]) -> None:
    """Beside each file that gains by it, the same with .gz and .br."""
    brotli = shutil.which("brotli")
    if brotli is None:
        raise SystemExit('there is no command "brotli"; on Debian: apt install brotli')
    chosen = [path for path in files if path.suffix in COMPRESSED and path.stat().st_size >= 256]
    for path in chosen:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    subprocess.run([brotli, "--keep", "--quality=9", *map(str, chosen)], check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python tools/static_files.py FOLDER")
    compress(write(Path(sys.argv[1])))
