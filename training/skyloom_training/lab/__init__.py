"""The training lab: one loop on which every transfer method is compared on the same work."""
