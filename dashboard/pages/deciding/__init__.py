"""The ways to compare that help to decide: simulations explored, robust choice, a package for targets."""
