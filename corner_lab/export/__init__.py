"""Export: a run as a link, a file, a JSON document, a Keras script, the record that the stage plays."""
