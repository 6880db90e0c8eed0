"""What pyproject.toml cannot say: building compiles the kernels (`build_kernels.py`), so that wheels have their code.

For the level of the building machine, or for those that MT2ST_LEVELS names, as "x86-64-v3 x86-64-v4"; for none where
it is empty.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
# Where code lies in the package, see mt2st.prebuilt.
CODE = Path("mt2st", "prebuilt_code")


def levels() -> list[str]:
    """Return the levels to compile for: of x86-64 on Linux, which it is tested on."""
    if (named := os.environ.get("MT2ST_LEVELS")) is not None:
        return named.split()
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return []
    sys.path.insert(0, str(HERE / "src"))
    try:
        from llvmlite import binding

        from mt2st.prebuilt import level_of
    except ImportError:
        return []
    level = level_of(binding.get_host_cpu_features())
    return [level] if level else []


class BuildWithKernels(build_py):
    """Copies the package, then writes the code of its kernels beside it."""

    def run(self) -> None:
        """Do both."""
        super().run()
        if not self.editable_mode:
            for level in levels():
                folder = Path(self.build_lib) / CODE / level
                command = [sys.executable, str(HERE / "build_kernels.py"), str(folder), level]
                if subprocess.run(command, check=False).returncode:
                    shutil.rmtree(folder, ignore_errors=True)
                    self.warn(f"kernels could not be compiled for {level}: they will be on first use")


class Platform(Distribution):
    """A package with machine code, whose wheel is for one platform and one Python."""

    def has_ext_modules(self) -> bool:
        """Say so."""
        return bool(levels())


setup(cmdclass={"build_py": BuildWithKernels}, distclass=Platform)
