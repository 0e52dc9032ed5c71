"""The kernel for a browser: WebAssembly, and a run as the numbers it takes."""
