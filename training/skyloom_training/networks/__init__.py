"""Generator, discriminator and their layers."""
