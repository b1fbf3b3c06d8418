"""What each page shows: from a snapshot of the results to a page before it is written."""
