from mt2st.report import model_card


def test_the_card_has_the_task_sizes_measures_settings_limits_and_leaves_the_licence(result):
    card = model_card(result, '[strategy]\nname = "switch"\n')
    for piece in (
        "# products", "one of 2 classes: bad, good", "Trained with language by mt2st, strategy switch",
        "| measure | test part (n = 10) |", "| accuracy | 0.700 |", "| macro F1 | 0.688 |",
        "95% interval 0.397 to 0.892, n = 10", "always guessing the most frequent class has accuracy 0.500",
        "| bad | 0.750 | 0.600 | 0.667 | 5 |", "| training | 250 |", "| skipped rows: reviews.tsv | 3 |",
        "200 of 250 steps in 2.13 s", '```toml\n[strategy]\nname = "switch"\n```', "## Limits",
        "## Licence\n\nNot set.",
    ):  # fmt: skip
        assert piece in card, piece


def test_names_cannot_break_the_markdown(result):
    result["primary"] = "a\n# b <script>"
    result["test"]["labels"] = ["x | y", "`z` [l](u) *e*"]
    card = model_card(result, "a = '''```'''")
    assert "# a \\# b &lt;script&gt;\n" in card
    assert "| x \\| y | 0.750" in card
    assert "\\`z\\` \\[l\\](u) \\*e\\*" in card
    assert "````toml\na = '''```'''\n````" in card
    assert "<script>" not in card


def test_a_card_before_evaluation_says_so(result):
    del result["test"], result["work"], result["data"], result["environment"]
    card = model_card(result, "")
    assert "Not evaluated on a test part." in card
    assert "Not recorded." in card
    assert "nan" not in card


def test_an_empty_result_makes_a_card():
    assert model_card({}, "").startswith("---\nlibrary_name: mt2st\n")
