"""One run in its working folder, from text to vectors, with checkpoints from which it can be resumed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import blake2b
from time import perf_counter
from typing import TYPE_CHECKING, Any
from warnings import warn

from mt2st.errors import DataError, counted
from mt2st.text.encoding.disk import read_json, write_json
from mt2st.training.checkpoint import fill_arrays, load_checkpoint, save_checkpoint
from mt2st.training.metrics import MetricsLog
from mt2st.training.stopping import StopRequest
from mt2st.training.vectors.beginning import Beginning, begin
from mt2st.training.vectors.conduct import Conduct, VectorResult
from mt2st.training.vectors.earlier import settings_of_start
from mt2st.training.vectors.early import check_words, measure_name, scorer
from mt2st.training.vectors.folder import SOURCE, WorkFolder
from mt2st.training.vectors.models import GloveOnRecords, Model, PairModelOnText
from mt2st.training.vectors.progress import Reporter
from mt2st.training.vectors.settings import VectorSettings
from mt2st.training.vectors.text import described, find_text, identity, is_encoded
from mt2st.training.vectors.trainer import VectorTrainer
from mt2st.training.vectors.warm import warm_up

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.embeddings.cooccurrence import Cooccurrences
    from mt2st.text.encoding import EncodedCorpus
    from mt2st.training.vectors.text import Text


def run_vectors(
    text: Text, settings: VectorSettings, place: WorkFolder, conduct: Conduct, stop: StopRequest
) -> VectorResult:
    """Train word vectors in a working folder; see `mt2st.train_vectors` for the errors."""
    began = perf_counter()
    reporter = Reporter(conduct.on_progress)
    score = None if conduct.development is None else scorer(conduct.development)
    if conduct.start is not None:
        settings_of_start(settings, conduct.start)
    if not is_encoded(text):
        import mt2st.text.encoding.encode  # noqa: F401 - before a thread imports what it has in common with this
    warming = warm_up(settings)
    corpus = find_text(text, place, settings, conduct, reporter)
    resumed = place.claim(_mark(corpus, settings, conduct), resume=conduct.resume)
    beginning = begin(corpus, conduct.start, conduct.update_vocabulary, settings.min_count, place.renumbered)
    if not settings.subwords:  # which give vectors to other words too
        check_words(conduct.development, beginning.words)
    warming.join()
    model = make_model(beginning, settings, place, conduct.workers, reporter)
    trainer = VectorTrainer(
        model, settings, conduct.workers, score=score, patience=conduct.patience, every=conduct.every
    )
    session = _Session(trainer, place, conduct, reporter, beginning)
    vectors = session.run(stop, resumed=resumed)
    seconds = {"starting": 0.0, **reporter.seconds}
    seconds["starting"] = perf_counter() - began - sum(reporter.seconds.values())
    return VectorResult(
        vectors, trainer.history, beginning.corpus_words, beginning.tokens, seconds, trainer.patience.over
    )


def _mark(corpus: EncodedCorpus, settings: VectorSettings, conduct: Conduct) -> dict[str, Any]:
    """Return all that must be equal for two runs to count as the same."""
    start = None
    if conduct.start is not None:
        digest = blake2b("\n".join(conduct.start.index_to_key).encode("utf-8", "surrogatepass"), digest_size=16)
        digest.update(conduct.start.vectors.tobytes())
        start = digest.hexdigest()
    told = {"text": identity(corpus), SOURCE: described(corpus), "development": measure_name(conduct.development)}
    return {**settings.as_dict(), **told, "start": start, "update_vocabulary": conduct.update_vocabulary}


def make_model(
    beginning: Beginning, settings: VectorSettings, place: WorkFolder, workers: int, reporter: Reporter
) -> Model:
    """Return the method's model; for GloVe, count the records first."""
    if settings.method != "glove":
        beginning.check_contexts()
        return PairModelOnText(beginning, settings, workers)
    return GloveOnRecords(beginning, settings, _records(beginning, settings, place, workers, reporter))


def _records(
    beginning: Beginning, settings: VectorSettings, place: WorkFolder, workers: int, reporter: Reporter
) -> Cooccurrences:
    """Return the records counted earlier from the same text, or count them now."""
    from mt2st.embeddings.cooccurrence import Cooccurrences, count_cooccurrences

    seal, mark = place.cooccurrences / "counted.json", read_json(place.run)
    wanted = {name: mark.get(name) for name in ("text", "start", "update_vocabulary", "window", "seed", "min_count")}
    if read_json(seal) == wanted:
        with suppress(DataError):  # damaged records are counted again
            return Cooccurrences.open(place.cooccurrences)
    shutil.rmtree(place.cooccurrences, ignore_errors=True)
    reporter.begin("counting", "words", beginning.tokens)
    records = count_cooccurrences(
        beginning.shards,
        len(beginning.words),
        place.cooccurrences,
        window=settings.window,
        seed=settings.seed,
        workers=workers,
        on_progress=reporter.tell,
    )
    reporter.end()
    write_json(seal, wanted)
    return records


class _Session:
    """The training loop of this process, with records and checkpoints."""

    def __init__(
        self, trainer: VectorTrainer, place: WorkFolder, conduct: Conduct, reporter: Reporter, beginning: Beginning
    ) -> None:
        self.trainer, self.place, self.conduct, self.reporter = trainer, place, conduct, reporter
        words = trainer.settings.method != "glove"
        self._unit = "words" if words else "records"
        # Speed is in tokens of the text, including those that have no row.
        self._scale = beginning.corpus_words / max(beginning.tokens, 1) if words else 1.0

    def run(self, stop: StopRequest, *, resumed: bool) -> WordVectors | None:
        """Train to the end and return the vectors; on a stop request, save a checkpoint and return None."""
        saved = load_checkpoint(self.place.checkpoints) if resumed else None
        if saved is not None:
            fill_arrays(self.trainer.model.arrays(), saved[0])
            self.trainer.load_state_dict(saved[1])
            self.place.keep_best(self.trainer.patience.place)
        self.metrics = MetricsLog(self.place.metrics, keep=saved[1]["metrics_bytes"] if saved else 0)
        del saved
        found = self.trainer.progress()
        whole = self._scaled(self.trainer.units * self.trainer.settings.epochs)
        self.reporter.begin("training", self._unit, whole, self._scaled(found.pop("done")), **found)
        with closing(self.metrics):
            with stop.listening():
                self._train(stop)
            self._tell(last=True)
            return self._finish() if self.trainer.finished else None

    def _train(self, stop: StopRequest) -> None:
        trainer, every = self.trainer, self.conduct.checkpoint_every
        due = perf_counter() + every
        while not trainer.finished and not stop:
            record = trainer.advance(_pausing(stop, due), self._tell)
            if record is not None:
                self.metrics.append(record)
                if record.get("best"):
                    save_checkpoint(self.place.best, trainer.position, trainer.model.arrays(), {})
                    due = 0.0
            if perf_counter() >= due and not trainer.finished:
                self._save()
                due = perf_counter() + every
        if not trainer.finished:
            self._save()

    def _save(self) -> None:
        state = {**self.trainer.state_dict(), "metrics_bytes": self.metrics.size}
        save_checkpoint(self.place.checkpoints, self.trainer.position, self.trainer.model.arrays(), state)

    def _scaled(self, done: int) -> int:
        return int(done * self._scale)

    def _tell(self, *, last: bool = False) -> None:
        if not last and not self.reporter.due:
            return
        found = self.trainer.progress()
        self.reporter.tell(self._scaled(found.pop("done")), last=last, **found)

    def _finish(self) -> WordVectors:
        try:
            vectors = self._finished_vectors()
            if self.conduct.save is not None:
                self.reporter.begin("saving", "words", len(vectors))
                self.conduct.save(vectors)
                self.reporter.tell(len(vectors), last=True)
        except BaseException as error:
            with suppress(OSError):  # the disk may be full for the checkpoint too
                self._save()
                error.add_note(f"all that was trained is kept in {self.place.path}: the same call resumes from there")
            raise
        return vectors

    def _finished_vectors(self) -> WordVectors:
        """Return the vectors with the best score if there are scores, else the last."""
        trainer = self.trainer
        if trainer.patience.best is not None and trainer.patience.place != trainer.position:
            best = load_checkpoint(self.place.best)
            if best is not None:
                fill_arrays(trainer.model.arrays(), best[0])
        bad = sum(record["not_finite"] for record in trainer.epochs())
        if bad:
            warn(f"left out as not finite: {counted(bad, 'loss', 'losses')}; lower alpha", RuntimeWarning, stacklevel=6)
        return trainer.model.vectors()


def _pausing(stop: StopRequest, due: float) -> Callable[[], bool]:
    return lambda: bool(stop) or perf_counter() >= due
