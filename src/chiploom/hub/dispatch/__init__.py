"""From a handed-in submission to its verdict: the queue, the thread that grades, the thread that records."""
