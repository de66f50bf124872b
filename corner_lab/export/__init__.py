"""Export: a run as a link, a file, a JSON document, a Keras script, the record that the stage plays."""

from corner_lab.export.keras_script import script_of
from corner_lab.export.run_report import report
from corner_lab.export.share_link import Link

__all__ = ["Link", "report", "script_of"]
