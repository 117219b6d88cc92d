"""Picture files and pixels: encode and decode, resampling, rendering, seam reports."""
