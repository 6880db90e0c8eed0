"""What is said where long work is stopped."""

import pytest

from mt2st.cli.resume_hint import resume_hint


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(143)])
def test_what_is_kept_is_told(tmp_path, capsys, end):
    with pytest.raises(type(end)), resume_hint(tmp_path, "with --out a"):
        raise end
    assert capsys.readouterr().err == "stopped and saved; to resume, give the same command with --out a\n"


def test_where_nothing_is_kept_nothing_is_said(tmp_path, capsys):
    with pytest.raises(KeyboardInterrupt), resume_hint(tmp_path / "none"):
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="wrong"), resume_hint(tmp_path):
        raise ValueError("wrong")
    assert capsys.readouterr().err == ""
