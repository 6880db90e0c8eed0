"""Text in: files of any supported format, tokens, vocabularies, features and encoded rows."""

from mt2st.text.examples import Example, Examples
from mt2st.text.features import Features
from mt2st.text.ragged import Ragged
from mt2st.text.reading import read_examples
from mt2st.text.tokenizer import tokenize
from mt2st.text.vocabulary import Vocabulary

__all__ = ["Example", "Examples", "Features", "Ragged", "Vocabulary", "read_examples", "tokenize"]
