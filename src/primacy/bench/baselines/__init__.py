"""What a user would do instead: each a module of its own, written as one who knows the tool would write it."""
