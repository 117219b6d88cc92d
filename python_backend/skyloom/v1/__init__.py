"""Code generated from protos/skyloom/v1/sky.proto by `make proto`; never edited by hand."""
