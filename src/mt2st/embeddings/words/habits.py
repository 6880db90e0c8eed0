"""Names that gensim's models and vectors have, or had, and ours have not: what to write instead."""

from __future__ import annotations

HABITS = {
    "wv": "these are the vectors already, leave .wv out",
    "train": "write mt2st.train_vectors(text, start=vectors)",
    "build_vocab": "write mt2st.train_vectors(text, start=vectors, update_vocabulary=True)",
    "save_word2vec_format": 'write save("name.vec"), or save("name.bin", format="word2vec-binary")',
    "word_vec": "write get_vector(word)",
    "vectors_norm": "write get_normed_vectors()",
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
    "accuracy": "write evaluate_word_analogies(file)",
}
