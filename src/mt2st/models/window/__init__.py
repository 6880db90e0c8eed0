"""The window tagger: a conditional random field over features of a few neighbours, by kernels of its own."""
