"""The policies of the library that engines may run, with keys in place of slots. Equal to the library victim by victim."""
