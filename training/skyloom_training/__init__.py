"""Training of Skyloom: data, networks, the camera, the loop, metrics and export."""
