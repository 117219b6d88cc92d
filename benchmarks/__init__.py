"""Every figure that the documents quote: `make bench` writes docs/performance.md, `make quantization` the other."""
