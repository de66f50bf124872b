"""The experiment: one frozen value, the registries of what can be chosen for it, and named ones."""
