"""The window tagger: a conditional random field on features of neighbouring words, with native kernels."""
