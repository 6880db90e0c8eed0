"""What is said where long work is stopped."""

import pytest

from mt2st.cli.going_on import telling_how_to_go_on


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(143)])
def test_what_is_kept_is_told(tmp_path, capsys, end):
    with pytest.raises(type(end)), telling_how_to_go_on(tmp_path, "with --out a"):
        raise end
    assert capsys.readouterr().err == "stopped and saved; to resume, give the same command with --out a\n"


def test_where_nothing_is_kept_nothing_is_said(tmp_path, capsys):
    with pytest.raises(KeyboardInterrupt), telling_how_to_go_on(tmp_path / "none"):
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="wrong"), telling_how_to_go_on(tmp_path):
        raise ValueError("wrong")
    assert capsys.readouterr().err == ""
