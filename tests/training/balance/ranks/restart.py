"""The run `fading` of loop.py, saved at every fifth step; in its first life rank 1 is killed at step 13.

TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1 torchrun --nproc-per-node=2 --max-restarts=1 restart.py FOLDER
"""

import gc
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import torch
from loop import TOTAL, Loop
from torch import distributed


def save(loop, path):
    """Write all that the run needs, on rank 0: to another name first, so that no half of it is ever found."""
    if loop.rank == 0:
        parts = {"encoder": loop.encoder, "heads": loop.heads, "optimizer": loop.optimizer, "balance": loop.balance}
        torch.save({name: part.state_dict() for name, part in parts.items()}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)
    distributed.barrier()


def load(loop, path):
    """Take up what was saved, the balance first: it drops the heads that were dropped."""
    saved = torch.load(path)
    loop.balance.load_state_dict(saved["balance"])
    loop.encoder.load_state_dict(saved["encoder"])
    loop.heads.load_state_dict(saved["heads"])
    loop.optimizer.load_state_dict(saved["optimizer"])


def train(folder):
    """Go on from the checkpoint, if there is one, to the end; return what happened since."""
    life = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
    loop = Loop(distributed.get_rank(), distributed.get_world_size())
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        load(loop, checkpoint)
    begun = loop.balance.steps
    while loop.balance.steps < TOTAL:
        if (life, loop.rank, loop.balance.steps) == (0, 1, 13):
            os.kill(os.getpid(), signal.SIGKILL)
        loop.step()
        if loop.balance.steps % 5 == 0:
            save(loop, checkpoint)
    return {"life": life, "begun": begun, **loop.story()}


def main(folder):
    distributed.init_process_group("gloo", timeout=timedelta(seconds=30))
    story = train(folder)
    (folder / f"{distributed.get_rank()}.json").write_text(json.dumps(story))
    # With models still wrapped, or ranks still talking, gloo's threads now and then abort the process at its end.
    gc.collect()
    distributed.barrier()
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
