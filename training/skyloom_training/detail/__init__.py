"""The detail net: four times the pixels of a dome, with cloud texture that the generator has no room for."""
