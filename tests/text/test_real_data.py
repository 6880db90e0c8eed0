import pytest

from mt2st.text import Features, Ragged, read_examples, tokenize
from mt2st.text.files import read_lines
from mt2st.text.readers.conllu import join_forms, sentences

CASES = [
    ("sst2/dev.tsv.xz", {"require_labels": True}, "tsv", 872, ["neg", "pos"], "one long string of cliches ."),
    ("trec/train.tsv.xz", {}, "tsv", 5452, list("012345"), "How did serfdom develop in and then leave Russia ?"),
    ("ud_english_ewt/dev.conllu.xz", {}, "conllu", 2001, [], "From the AP comes this story :"),
    ("wnut17/dev.conll.xz", {}, "columns", 1009, [], None),
    ("alignment/multi30k.val.en.xz", {"format": "lines"}, "lines", 1014, [], None),
]


@pytest.mark.parametrize(("name", "options", "format_name", "count", "labels", "first"), CASES)
def test_real_files(shared_data, name, options, format_name, count, labels, first):
    read = read_examples(shared_data / name, **options)
    assert (read.format, len(read), read.labels_in_order(), read.skipped) == (format_name, count, labels, {})
    assert first is None or read.texts[0] == first


def test_joined_forms_are_the_texts_of_a_real_treebank(shared_data):
    treebank = sentences(read_lines(str(shared_data / "ud_english_ewt/dev.conllu.xz")))
    compared = [(join_forms(sentence.tokens()), sentence.comments["text"].value) for sentence in treebank]
    assert len(compared) == 2001
    assert all(joined == text for joined, text in compared)


def test_a_real_set_from_file_to_rows(shared_data):
    tokens = [tokenize(text) for text in read_examples(shared_data / "sst2/dev.tsv.xz").texts]
    features = Features.build(tokens)
    rows = Ragged.from_lists(features.encode(text) for text in tokens)
    counts = [*features.words.counts.tolist(), *features.pairs.counts.tolist()]
    assert [int((rows.ids == row).sum()) for row in range(0, len(features), 50)] == counts[::50]
