"""Compiled kernels: made, kept on disk, loaded, and run."""
