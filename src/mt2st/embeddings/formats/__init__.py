"""Files of word vectors: word2vec, GloVe, fastText, safetensors and NumPy."""

from mt2st.embeddings.formats.detection import detect_format
from mt2st.embeddings.formats.known import FORMATS, Format
from mt2st.embeddings.formats.registry import load_vectors, save_vectors

__all__ = ["FORMATS", "Format", "detect_format", "load_vectors", "save_vectors"]
