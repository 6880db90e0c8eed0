"""Trains several jobs, one after the other, on the ranks of one launch, most of whose time goes into starting them.

torchrun --nproc-per-node=2 runs.py NAME ...   # each trains as NAME.toml says, in the folder NAME
"""

import os
import sys
from pathlib import Path

from mt2st.training.corpus import load_corpus
from mt2st.training.ranks.launch import joined
from mt2st.training.run import train
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import load_settings, parse_settings

if __name__ == "__main__":
    for life, name in enumerate(sys.argv[1:]):
        # Ranks find each other anew for each run, as those do that were started again.
        os.environ["TORCHELASTIC_RESTART_COUNT"] = str(life)
        settings = parse_settings(load_settings(Path(f"{name}.toml")))
        with joined() as ranks:
            run = RunDirectory.create(Path(name), settings) if ranks.first else None
            train(settings, run, stop=ranks.stop(None), corpus=load_corpus(settings), ranks=ranks)
