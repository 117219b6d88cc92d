"""Where training pictures come from."""
