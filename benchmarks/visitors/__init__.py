"""Many visitors at once, without browsers: what a page says to the server and gets from it, and what that costs."""
