from collections import Counter

import pytest

from mt2st.text import Vocabulary


def sentences_of(corpus):
    return [[corpus.vocabulary.words[at] for at in shard.row(i)] for shard in corpus.shards for i in range(len(shard))]


@pytest.fixture(scope="session")
def check_corpus():
    """A function that compares a corpus with what plain Python makes of the same token lists."""

    def check(corpus, token_lists, min_count):
        expected = Vocabulary.build(token_lists, min_count)
        assert corpus.vocabulary == expected
        known = [[word for word in tokens if word in expected] for tokens in token_lists]
        assert sentences_of(corpus) == [tokens for tokens in known if tokens]
        assert corpus.words == sum(map(len, token_lists))
        assert corpus.sentences == sum(map(bool, known))
        assert corpus.tokens == sum(map(len, known)) == expected.counts.sum()
        assert Counter(word for tokens in sentences_of(corpus) for word in tokens) == dict(
            zip(expected.words, expected.counts.tolist(), strict=True)
        )

    return check
