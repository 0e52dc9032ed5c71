"""The engine: from equations written once to a run. It knows nothing of migration."""
