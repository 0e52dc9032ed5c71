"""The five pages: pure functions from a language, a state and its runs to what is shown. No widgets here."""
