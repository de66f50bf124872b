"""Links, weight files and reports of the page that nobody would send, by the hundred thousand: `make fuzz`.

Seeded: what fails is made again from the seed and the number that are printed with it. `tests/app/test_fuzz.py` runs a
few thousand of each in `make test`.
"""
