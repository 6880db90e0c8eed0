"""``mt2st.TokenTagger``: tags for the tokens of sentences, as a scikit-learn estimator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mt2st.estimators.inputs.auxiliary import check_auxiliary
from mt2st.estimators.saving.saved_files import as_path, is_small
from mt2st.estimators.tagging.inputs import check_classes, read_auxiliary, read_input, read_sentences
from mt2st.estimators.tagging.inspection import InspectableTagger
from mt2st.estimators.tagging.scheme import scheme_of
from mt2st.estimators.tagging.settings import check_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sklearn.utils import Tags

    from mt2st.embeddings import WordVectors
    from mt2st.strategies import Strategy


class TokenTagger(InspectableTagger):
    """Tags the tokens of sentences: parts of speech, names, or anything else that one tag per token can say.

    Word vectors are learned from all text, then the shared layers from auxiliary tags as the strategy says, and finally
    the tagger alone. The native tagger is a conditional random field,
    ``p(y | x) = exp(sum_t s[t, y_t] + l[y_t-1, y_t]) / Z`` with ``s_t = V h_t + c + sum_f S[f]``: h is a hidden layer
    on the vectors of three words and of their surface features, f are hashed features of five words (the words, their
    shapes, prefixes and suffixes). Tag sequences that the scheme of spans forbids are never predicted.

    Parameters
    ----------
    encoder
        ``"window"``, native; or ``"bilstm"``, which needs the extra torch.
    scheme
        How tags mark spans: ``"auto"`` finds the scheme that most sentences follow; ``"none"``: they do not;
        ``"bio"``, ``"bioes"``, ``"bilou"``, ``"iob1"`` or ``"io"``, which all sentences must follow.
    vectors
        Pretrained vectors: `mt2st.WordVectors`, or a file of them; None learns them from the text.
    vector_size, vector_epochs, min_count
        Of the vectors, as in `mt2st.train_vectors`. A ``vector_size`` of None is that of ``vectors``, or 64.
    hidden_size
        Units of the hidden layer, or of the BiLSTM in each direction.
    passes
        Passes over the sentences.
    auxiliary_passes
        Passes over the sentences of an auxiliary in a run that never switches it off.
    strategy
        How much the auxiliaries count over time: a strategy, or the name of one.
    dropout
        Share of the hidden layer that is dropped at random in training.
    development
        Share of the sentences held out if the strategy uses a score, as feedback does.
    seed, workers
        With one worker, a seed gives the same model bit for bit. More learn the vectors faster.

    Attributes
    ----------
    classes_
        The tags, sorted.
    scheme_
        The name of the scheme of spans; None if tags do not mark spans.
    model_
        The finished model.
    work_
        What each task ran and skipped: steps, examples, words, seconds.

    Examples
    --------
    >>> sentences = [["the", "dog", "runs"], ["a", "cat", "sleeps"], ["the", "cat", "runs"]] * 10
    >>> tagger = TokenTagger(vector_size=8, hidden_size=8).fit(sentences, [["DET", "NOUN", "VERB"]] * 30)
    >>> tagger.predict([["a", "dog", "sleeps"], []])
    [['DET', 'NOUN', 'VERB'], []]
    >>> tagger.classes_.tolist(), tagger.score([["the", "dog"]], [["DET", "NOUN"]])
    (['DET', 'NOUN', 'VERB'], 1.0)

    Notes
    -----
    R. Collobert et al., "Natural language processing (almost) from scratch", 2011; J. Lafferty, A. McCallum and
    F. Pereira, "Conditional random fields", 2001. Unlike in the former, words are hashed into the scores as well, and
    there is one hidden layer only: with few labels the features are better, and with many no worse.
    """

    def __init__(
        self,
        *,
        encoder: str = "window",
        scheme: str | None = "auto",
        vectors: WordVectors | str | Path | None = None,
        vector_size: int | None = None,
        vector_epochs: int = 3,
        min_count: int = 5,
        hidden_size: int = 64,
        passes: float = 10.0,
        auxiliary_passes: float = 10.0,
        strategy: str | Strategy = "pretrain",
        dropout: float = 0.1,
        development: float = 0.1,
        seed: int = 0,
        workers: int = 1,
    ) -> None:
        self.encoder, self.scheme = encoder, scheme
        self.vectors, self.vector_size = vectors, vector_size
        self.vector_epochs, self.min_count = vector_epochs, min_count
        self.hidden_size, self.passes = hidden_size, passes
        self.auxiliary_passes, self.strategy = auxiliary_passes, strategy
        self.dropout, self.development = dropout, development
        self.seed, self.workers = seed, workers

    def fit(
        self,
        X: Any,  # noqa: N803
        y: Any = None,
        unlabelled: Any = None,
        auxiliary: Mapping[str, Any] | None = None,
    ) -> Self:
        """Train.

        Parameters
        ----------
        X
            Sentences, as lists of tokens. Or sentences with their tags: what `mt2st.text.tagged.read_tagged` returns,
            or the path of a file that it reads, CoNLL-U or columns.
        y
            A list of tags for each sentence, one per token; None or ``_`` if a tag is unknown.
        unlabelled
            More text: strings, lists of tokens, or a `pathlib.Path` of a text file.
        auxiliary
            Other tagged sentences by name, each a pair of sentences and tags, or a path.

        Raises
        ------
        DataError
            If data are invalid; it names the sentence and the token.
        ConfigError
            If a setting is out of bounds.
        """
        from mt2st.estimators.tagging.training import train_tagger  # loads kernels

        check_settings(self)
        data = read_input(X, y)
        check_classes(data, "sentences")
        others = {name: read_auxiliary(name, each) for name, each in check_auxiliary(auxiliary).items()}
        scheme = scheme_of(self.scheme, data.tags)
        # What was fitted before stays whole until training has ended, which an error or Ctrl-C may prevent.
        self.model_, self.work_ = train_tagger(self, data, others, unlabelled, scheme)
        self.__dict__.pop("tuning_", None)  # it would describe other sentences or settings
        self.scheme_, self.classes_ = scheme, np.array(data.classes)
        return self

    def predict(self, X: Any) -> list[list[str]]:  # noqa: N803
        """Return a tag for each token of each sentence."""
        self.check_fitted("model_")
        return self.model_.predict(read_sentences(X))

    def predict_proba(self, X: Any) -> list[NDArray[np.float32]]:  # noqa: N803
        """Return the probability of each of `classes_` for each token: an array (tokens, classes) per sentence."""
        self.check_fitted("model_")
        return self.model_.predict_proba(read_sentences(X))

    def autotune(self, X: Any, y: Any = None, **how: Any) -> Self:  # noqa: N803
        """Search for the best settings, set them and fit; the parameters are those of `mt2st.autotune`.

        ``tuning_`` has the trials.
        """
        from mt2st.estimators.tuning.autotune import autotune

        self.__dict__.update(vars(autotune(self, X, y, **how)))
        return self

    def save(self, folder: str | Path, *, quantize: bool | None = None) -> None:
        """Write settings, words and parameters to a folder: JSON, safetensors and a model card.

        Parameters
        ----------
        folder
            Made if it is missing; replaced, once all is on disk, if it holds a tagger and nothing else.
        quantize
            Save in a tenth of the space, numbers in few bits; native tagger only. None: if `autotune` found that its
            ``model_size`` requires it.

        Raises
        ------
        DataError
            If the folder has other files, or cannot be written.
        ConfigError
            If ``quantize`` is neither True nor False, or True of another encoder, or ``folder`` is not a path.
        """
        self.check_fitted("model_")
        from mt2st.estimators.tagging.files import save_tagger

        save_tagger(self, as_path(folder), small=is_small(self, quantize))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return what `save` wrote; not quantized, it predicts the same bit for bit. Its ``vectors`` are None."""
        from mt2st.estimators.tagging.files import load_tagger

        return load_tagger(cls, Path(folder))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.two_d_labels = True
        tags.no_validation = True
        return tags
