"""The network: the 512 patterns, its parameters and heads, in Keras and in NumPy, and figures of merit."""
