"""What each quantizer does to one trained generator in two forms, and why: `make quantization`."""
