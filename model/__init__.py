"""The migration model: equations, parameters, engine and command line."""
