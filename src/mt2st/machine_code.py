"""Functions compiled once by Numba, stored on disk as machine code, and called without importing Numba.

Importing Numba and reading its cache takes most of a second, which a process that only predicts would spend on nothing
else. Only public parts of Numba and llvmlite are used: the code of a function as LLVM writes it, and LLVM itself.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite
from llvmlite import binding as llvm

from mt2st import prebuilt

ADDRESS, NUMBER = ctypes.c_void_p, ctypes.c_int64
# What code may call, of what every process has: anything else would end the process when the code is loaded.
CALLS = {"log", "logf", "sqrt", "sqrtf", "memset", "memcpy", "memmove"}
# What only the way of an error calls, which every function has and none of ours takes: it ends the process.
ERRORS = ("Py", "numba_", "NRT_Free", "NRT_MemInfo_call_dtor")

# Code is in memory as long as its engine.
_ENGINES: list[Any] = []

Compile = Callable[[], Mapping[str, Any]]


def load_functions(
    name: str, sources: Iterable[Path], kinds: Mapping[str, tuple[Any, list[Any]]], compile_all: Compile
) -> dict[str, Any]:
    """Return functions of addresses and numbers; compile them if neither the package nor the disk has their code.

    They run without the interpreter's lock.

    Parameters
    ----------
    name
        Of their file, on the disk or in `mt2st.prebuilt`.
    sources
        The files that they are written in: another text of one is compiled anew.
    kinds
        What each returns and takes, in the types of `ctypes`.
    compile_all
        Imports Numba and returns a ``numba.cfunc`` for each name; not called where the code is on the disk.
    """
    # What came is for this processor.
    came = None if os.environ.get("NUMBA_CPU_NAME") else prebuilt.object_code(name)
    code = came or _kept(_file(name, sources), compile_all)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _ENGINES.append(engine)
    return {
        function: ctypes.CFUNCTYPE(result, *arguments)(engine.get_function_address(function))
        for function, (result, arguments) in kinds.items()
    }


def _kept(file: Path, compile_all: Compile) -> bytes:
    code = prebuilt.read_code(file)
    if code is None:
        code = compile_functions(compile_all())
        # Where the disk does not let us, the next process compiles it again.
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            prebuilt.write_code(file, code)
    return code


def _processor() -> tuple[str, str]:
    """Return the name and features of the processor to compile for: this one, unless Numba is configured otherwise."""
    if name := os.environ.get("NUMBA_CPU_NAME"):
        return name, os.environ.get("NUMBA_CPU_FEATURES", "")
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    name, features = _processor()
    # Code is put wherever memory is: calls and constants must reach any distance.
    return target.create_target_machine(
        cpu=name, features=features, opt=3, reloc="pic", codemodel="jitdefault", jit=True
    )


def compile_functions(functions: Mapping[str, Any]) -> bytes:
    """Return the machine code of functions compiled by ``numba.cfunc``, each under its name."""
    machine = _machine()
    whole = llvm.parse_assembly("")
    whole.triple, whole.data_layout = machine.triple, str(machine.target_data)
    for name, function in functions.items():
        own = llvm.parse_assembly(function.inspect_llvm())
        own.get_function(function.native_name).name = name
        whole.link_in(own)
    called = [own for own in whole.functions if own.is_declaration and not own.name.startswith("llvm.")]
    errors = [own for own in called if own.name.startswith(ERRORS)]
    if wrong := {own.name for own in called} - {own.name for own in errors} - CALLS:
        raise RuntimeError(f"compiled code calls {', '.join(sorted(wrong))}: it must not make arrays")
    whole.link_in(llvm.parse_assembly("declare void @abort()\n" + "".join(map(_aborting, errors))))
    found: bytes = machine.emit_object(whole)
    return found


def _aborting(function: Any) -> str:
    """Return LLVM code of a function of the same type that ends the process."""
    result, _, arguments = str(function.global_value_type).partition(" (")
    return f"define {result} @{function.name}({arguments} {{\n  call void @abort()\n  unreachable\n}}\n"


def _file(name: str, sources: Iterable[Path]) -> Path:
    """Return the path of the stored code, whose name depends on the processor, LLVM and the sources."""
    digest = hashlib.sha256(" ".join([llvmlite.__version__, *_processor()]).encode())
    for source in [Path(__file__), *sources]:
        digest.update(source.read_bytes())
    return _folder() / f"{name}-{digest.hexdigest()[:16]}.o"


def _folder() -> Path:
    """Return the folder for stored code: Numba's cache folder, else one beside this file, else the user's cache."""
    if named := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(named)
    beside = Path(__file__).with_name("__pycache__")
    if os.access(beside if beside.exists() else beside.parent, os.W_OK):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "mt2st"
