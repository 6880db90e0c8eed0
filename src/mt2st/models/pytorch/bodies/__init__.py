"""Bodies of encoders, which compute the tokens' states from the words' vectors.

A *body* takes vectors (batch, tokens, vector_size) and lengths (batch,) and returns (batch, tokens, output_size).
Outputs after a sentence's last token are ignored, and those before must not depend on the inputs there.
"""
