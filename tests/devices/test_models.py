"""Encoders, heads and the CRF: values and gradients on a GPU are those on the processor."""

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings.subwords import SubwordIndex  # noqa: E402
from mt2st.embeddings.word_rows import WordRows  # noqa: E402
from mt2st.models.pytorch.bodies.bilstm import BiLSTM  # noqa: E402
from mt2st.models.pytorch.bodies.cnn import CNN  # noqa: E402
from mt2st.models.pytorch.bodies.transformer import Transformer  # noqa: E402
from mt2st.models.pytorch.crf import LinearChainCRF  # noqa: E402
from mt2st.models.pytorch.pair_heads import pair_head  # noqa: E402
from mt2st.models.pytorch.tagging_head import TaggingHead  # noqa: E402
from mt2st.models.pytorch.text_encoder import TextEncoder  # noqa: E402
from mt2st.text import Ragged  # noqa: E402

SENTENCES = Ragged.from_lists([[1, 2, 3], [], [4], [5, -1], [2] * 7])
ALL = np.arange(len(SENTENCES))
LENGTHS = torch.tensor([3, 1, 5])
SIZE = 4


class Doubled(torch.nn.Module):
    """A body of the user's, without an ``output_size``: it is tried out on one word."""

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(SIZE, 6)

    def forward(self, vectors, lengths):
        return 2 * self.linear(vectors)


BODIES = {
    "bilstm": lambda: BiLSTM(SIZE, 5),
    "cnn": lambda: CNN(SIZE, filters=3),
    "transformer": lambda: Transformer(SIZE, heads=2),
    "own": Doubled,
}


def make_table(rows=6):
    return np.random.default_rng(0).normal(size=(rows, SIZE)).astype(np.float32)


def moved(module, device):
    return copy.deepcopy(module).to(device)


def check_gradients(there, here, alike):
    for one, other in zip(there.parameters(), here.parameters(), strict=True):
        alike(one.grad.to_dense(), other.grad.to_dense())


@pytest.mark.parametrize("pooling", ["max", "mean", "attention"])
@pytest.mark.parametrize("body", BODIES)
def test_an_encoder_gives_the_same_vectors_states_and_gradients(body, pooling, device, alike):
    here = TextEncoder(make_table(), BODIES[body](), pooling, dropout=0.3, seed=1)
    there = moved(here, device)
    for encoder in (here, there):
        encoder.begin_step(5)
    vectors = [encoder(SENTENCES, ALL) for encoder in (there, here)]
    states = [encoder.states(SENTENCES, ALL) for encoder in (there, here)]
    alike(*vectors)
    alike(*states)
    for one, other in zip(vectors, states, strict=True):
        (one.square().sum() + other.square().sum()).backward()
    check_gradients(there, here, alike)


def test_a_body_that_is_on_a_device_already_is_tried_out_there(device):
    assert TextEncoder(make_table(), Doubled().to(device)).output_size == 6


def test_words_are_made_of_subwords(device, alike):
    words = WordRows(["is", "his"], SubwordIndex.of(["is", "his"], min_n=3, max_n=3, bucket=1000))
    sentences = Ragged.from_lists([words.encode(["is", "this"]).tolist(), words.encode(["his"]).tolist()])
    here = TextEncoder(make_table(20), BiLSTM(SIZE, 5), subwords=words)
    there = moved(here, device)
    found = [encoder(sentences, np.arange(2)) for encoder in (there, here)]
    alike(*found)
    for each in found:
        each.sum().backward()
    check_gradients(there, here, alike)


@pytest.mark.parametrize("lengths_there", [False, True])
def test_a_crf_gives_the_same_likelihoods_tags_chances_and_gradients(lengths_there, device, alike):
    chance = torch.Generator().manual_seed(1)
    emissions, tags = torch.randn(3, 5, 4, generator=chance), torch.randint(-1, 4, (3, 5), generator=chance)
    allowed = torch.ones(5, 5, dtype=torch.bool)
    allowed[0, 1] = False
    here = LinearChainCRF(4, allowed, seed=2)
    there = moved(here, device)
    known = here.decode(emissions, LENGTHS)
    for tagged in (tags, known):
        likely = []
        for crf, where in ((there, device), (here, "cpu")):
            given = emissions.clone().to(where).requires_grad_()
            lengths = LENGTHS.to(where) if lengths_there else LENGTHS
            likely.append(crf.log_likelihood(given, tagged.to(where), lengths))
            likely[-1].sum().backward()
            likely.append(given.grad)
        alike(*likely[::2])
        alike(*likely[1::2])
    check_gradients(there, here, alike)
    alike(there.marginals(emissions.to(device), LENGTHS), here.marginals(emissions, LENGTHS))
    assert torch.equal(there.decode(emissions.to(device), LENGTHS).cpu(), known)


@pytest.mark.parametrize("crf", [False, True])
def test_a_tagging_head_gives_the_same_loss_tags_and_gradients(crf, device, alike):
    sentences, lengths = Ragged.from_lists([[1, 2, 3], [4], [5, -1]]), torch.tensor([3, 1, 2])
    looks, tags = torch.arange(18).view(6, 3) % 10, torch.tensor([0, 1, -1, 2, 0, 1])
    here = torch.nn.ModuleList([TextEncoder(make_table(), BiLSTM(SIZE, 5), seed=1)])
    here.append(TaggingHead(here[0], 3, buckets=10, seed=1, crf=crf))
    there = moved(here, device)
    found = []
    for (encoder, head), where in ((there, device), (here, "cpu")):
        emissions = head.emissions(encoder, sentences, np.arange(3), looks.to(where))
        found.append((head.mean_loss(emissions, tags.to(where), lengths), head.decode(emissions.detach(), lengths)))
        found[-1][0].backward()
    alike(found[0][0], found[1][0])
    assert torch.equal(found[0][1].cpu(), found[1][1])
    check_gradients(there, here, alike)


@pytest.mark.parametrize("kind", ["cosine", "mlp"])
def test_a_head_of_pairs_gives_the_same_numbers(kind, device, alike):
    here, vectors = pair_head(kind, SIZE, seed=1), torch.from_numpy(make_table(6)).view(2, 3, SIZE)
    alike(moved(here, device)(*vectors.to(device)), here(*vectors))
