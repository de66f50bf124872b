"""State: what a visitor has, and how it travels: session, address, the direct line of the bench."""
