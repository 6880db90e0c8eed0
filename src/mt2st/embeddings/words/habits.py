"""What to write instead of names of gensim's and fastText's models that our vectors lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

HABITS = {
    "wv": "these are the vectors already, leave .wv out",
    "train": "write mt2st.train_vectors(text, start=vectors)",
    "build_vocab": "write mt2st.train_vectors(text, start=vectors, update_vocabulary=True)",
    "save_word2vec_format": 'write save("name.vec"), or save("name.bin", format="word2vec-binary")',
    "word_vec": "write get_vector(word)",
    "vectors_norm": "write get_normed_vectors()",
    "norms": "write lengths, which are 1 for vectors of zeros",
    "init_sims": "write fill_norms(force=True)",
    "index2word": "write index_to_key",
    "index2entity": "write index_to_key",
    "vocab": "write key_to_index, or get_vecattr(word) for a count",
    "words_closer_than": "write closer_than(word, other)",
    "unit_normalize_all": "write get_normed_vectors()",
    "load_word2vec_format": "write WordVectors.load(file)",
    "intersect_word2vec_format": "write mt2st.train_vectors(text, start=mt2st.WordVectors.load(file))",
    "add_vector": "write WordVectors([*index_to_key, word], np.vstack([vectors, vector]))",
    "add_vectors": "write WordVectors([*index_to_key, *words], np.vstack([vectors, more]))",
    "set_vecattr": "write WordVectors(index_to_key, vectors, counts=counts)",
    "sort_by_descending_frequency": "words that were trained are in this order already",
    "cosine_similarities": "write most_similar(vector, topn=None), or 1 - distances(vector, words)",
    "most_similar_to_given": "write min(words, key=lambda other: distance(word, other))",
    "rank_by_centrality": "write 1 - distances(get_mean_vector(words), words)",
    "expandos": "write counts",
    "vectors_vocab": "write subwords.word_rows",
    "vectors_ngrams": "write subwords.rows, of the buckets in subwords.buckets",
    "syn0": "write vectors",
    "syn1neg": "write output",
    "accuracy": "write evaluate_word_analogies(file)",
    "get_word_vector": "write get_vector(word)",
    "get_word_id": "write get_index(word, -1)",
    "get_subwords": "write subwords.ngrams(word), which has their buckets",
    "get_sentence_vector": "write get_mean_vector(words)",
    "get_nearest_neighbors": "write most_similar(word)",
    "get_analogies": "write most_similar([a, c], [b])",
    "get_words": "write index_to_key",
    "words": "write index_to_key",
    "get_dimension": "write vector_size",
    "get_input_matrix": "write vectors, and subwords for n-grams",
    "get_output_matrix": "write output",
    **{name: f"write subwords.{name}" for name in ("min_n", "max_n", "bucket")},
    **{name: f"write training[{name!r}]" for name in ("window", "negative", "sample", "epochs", "min_count", "seed")},
    "save_model": 'write save("name.bin", format="fasttext")',
}


def missing_name(owner: str, name: str, obj: object) -> AttributeError:
    """Return the error for a name that vectors lack, with its replacement if gensim's or fastText's have it.

    Examples
    --------
    >>> missing_name("'WordVectors'", "syn0", None)
    AttributeError("'WordVectors' has no attribute 'syn0': write vectors")
    """
    hint = f": {HABITS[name]}" if name in HABITS else ""
    return AttributeError(f"{owner} has no attribute {name!r}{hint}", name=name, obj=obj)


class Hinting(type):
    """The type of classes that answer a missing name of their own, such as a constructor of gensim's, with a hint."""

    if not TYPE_CHECKING:  # type checkers know the existing names

        def __getattr__(cls, name: str) -> Any:
            """Raise `AttributeError` with the hint."""
            raise missing_name(f"type object {cls.__name__!r}", name, cls)
