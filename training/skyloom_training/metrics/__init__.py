"""One short file a metric."""
