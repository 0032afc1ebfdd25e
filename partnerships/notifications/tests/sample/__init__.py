"""A letters table for the tests of the engine: letters about organisations."""
