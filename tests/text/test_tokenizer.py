import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.text import token_spans, tokenize
from mt2st.text.tokenizer import fold


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \n\t.,;", []),
        ("A stirring, funny film.", ["a", "stirring", "funny", "film"]),
        ("Don't DON\u2019T don\u02bct", ["don't", "don't", "don't"]),
        ("rock'n'roll o'er'", ["rock'n'roll", "o'er"]),
        ("'quoted' \u2018quoted\u2019", ["quoted", "quoted"]),
        ("it 's wo n't", ["it", "s", "wo", "n't"]),
        ("snake_case well-made 9/10 3.14", ["snake", "case", "well", "made", "9", "10", "3", "14"]),
        ("Great!!! Really?!", ["great", "!", "!", "!", "really", "?", "!"]),
        (":) :-( ;D =) :'( :-/ =P :|", [":)", ":-(", ";d", "=)", ":'(", ":-/", "=p", ":|"]),
        (
            "fun:) http://a.b c:/d 4:3 note:day x=3",
            ["fun", ":)", "http", "a", "b", "c", ":/", "d", "4", "3", "note", "day", "x", "3"],
        ),
        ("&amp; <br />", ["amp", "br"]),
        ("Čapek straße ΣΟΦΌΣ МИР 東京 ٣", ["čapek", "straße", "σοφός", "мир", "東京", "٣"]),
        ("cafe\u0301s हिन्दी", ["cafe\u0301s", "हिन्दी"]),
        ("İstanbul", ["i\u0307stanbul"]),
    ],
)
def test_tokens(text, tokens):
    assert tokenize(text) == tokens


@given(st.text())
def test_joined_tokens_give_the_same_tokens(text):
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


@given(st.text())
def test_no_token_is_empty_or_holds_white_space(text):
    assert all(token and not any(sign.isspace() for sign in token) for token in tokenize(text))


@given(st.text(st.characters(whitelist_categories=["Ll", "Nd"]), min_size=1))
def test_letters_and_digits_are_never_lost(text):
    assert "".join(tokenize(text)) == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Don\u2019t MISS it!! A 9/10 film :-)",
        "",
        "\u0130yi \u0130\u0130 film \u0130",
        "ΣΑΣ ΟΔΟΣ",
        "e\u0301te\u0301 \U0001f600 ok\r\nno",
        "سلام دنیا",
    ],
)
def test_spans_are_where_the_tokens_stand(text):
    spans = token_spans(text)
    assert [fold(text[start:stop]) for start, stop in spans] == tokenize(text)
    assert all(0 <= start < stop <= len(text) for start, stop in spans)
    assert [stop for _, stop in spans[:-1]] <= [start for start, _ in spans[1:]]
