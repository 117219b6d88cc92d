"""Exact geometry of the sphere of directions: which direction a pixel shows, and where a direction lies in a picture.

Frame: left-handed, +X right, +Y up, +Z forward. Angles are radians. Azimuth is ``atan2(x, z)`` (0 at +Z, growing
toward +X), zenith angle is 0 at +Y and pi at -Y. Pixel coordinates are *index coordinates*: the centre of texel i is
at i, so a picture of N texels spans -0.5 to N - 0.5 and texel i is centred at the fraction (i + 0.5) / N.
"""
