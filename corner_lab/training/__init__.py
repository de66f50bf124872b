"""Training: real Keras loss and optimizer objects in a compiled loop, runs and their histories, evaluation."""
