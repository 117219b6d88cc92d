"""torch -> ONNX -> int8, with a parity report."""
