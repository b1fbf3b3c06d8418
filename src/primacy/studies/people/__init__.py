"""People: where the authors of highly cited works learned and work."""
