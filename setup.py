"""What pyproject.toml cannot say: building compiles the kernels (`build_kernels.py`), so that wheels have their code.

For the level of the building machine, or for those that MT2ST_LEVELS names, as "x86-64-v3 x86-64-v4"; for none where
it is empty.
"""

import os
import subprocess
import sys
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


def levels() -> list[str]:
    """Return the levels to compile for: those that are named, else of x86-64 on Linux, which it is tested on."""
    named = os.environ.get("MT2ST_LEVELS")
    if named is None and (sys.platform != "linux" or os.uname().machine != "x86_64"):
        return []
    sys.path.insert(0, str(HERE / "src"))
    try:
        from llvmlite import binding

        from mt2st.prebuilt import LEVELS, level_of
    except ImportError:  # built without what [build-system] asks for
        return []
    if named is None:
        return [level for level in [level_of(binding.get_host_cpu_features())] if level]
    if unknown := set(named.split()) - set(LEVELS):
        raise SystemExit(f"MT2ST_LEVELS: no level {', '.join(sorted(unknown))}: there are {', '.join(LEVELS)}")
    return named.split()


class BuildWithKernels(build_py):
    """Copies the package, then writes the code of its kernels beside it."""

    def run(self) -> None:
        """Do both."""
        super().run()
        if not self.editable_mode:
            for level in levels():
                command = [sys.executable, HERE / "build_kernels.py", Path(self.build_lib, "mt2st"), level]
                if subprocess.run(list(map(str, command)), check=False).returncode:
                    self.warn(f"kernels could not be compiled for {level}: they will be on first use")


class Platform(Distribution):
    """A package with machine code, whose wheel is for one platform and one Python."""

    def has_ext_modules(self) -> bool:
        """Say so."""
        return bool(levels())


setup(cmdclass={"build_py": BuildWithKernels}, distclass=Platform)
