"""Speed, side by side in one run: `make bench`, or `python -m benchmarks NAME...` for some of it.

Absolute seconds depend on the machine, so every figure stands beside what it is compared with, measured in the same
run and in turn. Medians throughout.
"""
