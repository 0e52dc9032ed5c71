"""What simulations say for a decision: which of them differ, which package is robust, what a target would take."""
