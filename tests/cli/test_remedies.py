"""Errors of reading name what the one who asked can give: flags of the command, or settings of the section."""

import pytest


@pytest.fixture
def odd(tmp_path):
    (tmp_path / "odd.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "odd.data").write_text("pos\tfine\n")
    (tmp_path / "named.tsv").write_text("text\tlabel\nfine\tpos\ndull\tneg\n")
    (tmp_path / "names.conll").write_text("Anna\tB-PER\nran\tO\n\n")
    return tmp_path


def test_flags_of_evaluate_fit_and_tune(cli, odd, trained):
    for command in (("evaluate", trained), ("fit", "--out", "T"), ("tune", "--out", "T")):
        wanted = "3 columns and no header: pass --text-column and --label-column, or name the columns"
        assert wanted in cli(*command, "odd.csv").err
        assert "does not tell the format: pass --format (formats are tsv, csv" in cli(*command, "odd.data").err
        called = cli(*command, "named.tsv", "--text-column", "txt")
        assert "--text-column='txt' is not one of the names; did you mean 'text'?" in called.err
        assert "that is the kind tagging, for a tagger (--kind)" in cli(*command, "names.conll").err


@pytest.mark.parametrize(
    ("text", "flags", "section"),
    [
        ("training = 3", ("--seed", 3), "training"),
        ('primary = "x"', ("--labels", 5), "primary"),
        ("primary = 3", ("--data", "named.tsv"), "primary"),
    ],
)
def test_a_section_that_is_a_value(cli, odd, text, flags, section):
    (odd / "bad.toml").write_text(text)
    called = cli("train", "bad.toml", *flags)
    told = f"mt2st: bad.toml: {section} is a value, not a section: write [{section}] above its settings\n"
    assert (called.code, called.err) == (2, told)


def test_settings_of_the_section_of_train(cli, odd, config):
    called = cli("train", "--data", "names.conll", "-q")
    assert "that is the kind tagging, for a tagger (--set primary.kind=...)" in called.err
    called = cli("train", "--data", "odd.data", "-q")
    assert "pass --set primary.format=... (formats are" in called.err
    called = cli("train", config({"auxiliary.film.data": str(odd / "odd.csv")}), "-q")
    assert "pass --set auxiliary.film.text_column=... and --set auxiliary.film.label_column=..." in called.err
    called = cli("train", "--data", "named.tsv", "--set", "primary.text_column=txt", "-q")
    assert "primary.text_column='txt' is not one of the names" in called.err
    tagging = ("--set", "primary.kind=tagging", "--set", "model.encoder=bilstm", "--set", "primary.label_column=y")
    called = cli("train", "--data", "names.conll", *tagging, "-q")
    assert "primary.label_column='y' is the name of no column: no header, pass a number from 1" in called.err
