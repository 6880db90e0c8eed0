"""What stands between the words' vectors and the tokens' states: a module a file.

A *body* takes (batch, tokens, vector_size) and (batch,) lengths and gives (batch, tokens, output_size). What it gives
behind a sentence's last token is not looked at, and what it gives before must not depend on what is there.
"""
