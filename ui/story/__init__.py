"""What the page Story shows: the pictures of its steps, and all of them as a handout."""
