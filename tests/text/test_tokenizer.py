from unicodedata import normalize

import pytest
from hypothesis import example, given
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
        ("Čapek straße ΣΟΦΌΣ МИР ٣", ["čapek", "straße", "σοφός", "мир", "٣"]),
        ("cafe\u0301s हिन्दी x\u0301y", ["cafés", "हिन्दी", "x\u0301y"]),
        ("İstanbul I\u0307stanbul i\u0307stanbul ISI", ["istanbul", "istanbul", "istanbul", "isi"]),
        ("東京は2023年Tokyo。", [*"東京は", "2023", "年", "tokyo"]),
        ("か\u3099コーヒー々", [*"がコーヒー々"]),
        ("ไม่ดีok ຂອງ ភាសា မြန်", [*"ไม่ดี", "ok", *"ຂອງភាសាမြန်"]),
        ("한국어 좋아요", ["한국어", "좋아요"]),
        ("😀👍🏽ok❤\ufe0f日 :d日", ["😀", "👍", "ok", "❤", "日", ":d", "日"]),
        ("Ｇｏｏｄ！ ：） ﾊﾞﾅﾅ ﬁlm 𝗕𝗲𝘀𝘁", ["good", "!", ":)", "バ", "ナ", "ナ", "film", "best"]),  # noqa: RUF001
        ("Donau\u00addampf क्\u200dष جمـــيل؟", ["donaudampf", "क्ष", "جميل", "?"]),
    ],
)
def test_tokens(text, tokens):
    assert tokenize(text) == tokens


@given(st.text())
@example("\ufcf4\u0627")
def test_joined_tokens_give_the_same_tokens(text):
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


@given(st.text())
def test_no_token_is_empty_or_holds_white_space(text):
    assert all(token and not any(sign.isspace() for sign in token) for token in tokenize(text))


@given(st.text(st.characters(whitelist_categories=["Ll", "Nd"]), min_size=1))
def test_letters_and_digits_are_never_lost(text):
    assert "".join(tokenize(text)) == fold(text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@given(st.text(st.characters(categories=["L", "M", "P", "Zs"])))
def test_accents_may_be_written_either_way(form, text):
    assert tokenize(normalize(form, text)) == tokenize(text)


@pytest.mark.parametrize(
    "text",
    [
        "Schön für Ärger, naïve Ćevapi",
        "ça déjà vu Ångström",
        "नहीं पढ़ाई ज़रूर",
        "がぎぐ ぱぴぷ",
        "한국어",
        "İyi ĞÜŞÖÇ",
        "ёлка й Ї",
    ],
)
def test_decomposed_text_has_the_same_tokens(text):
    assert tokenize(normalize("NFD", text)) == tokenize(text) == tokenize(normalize("NFC", text))


@pytest.mark.parametrize(
    "text",
    [
        "Don\u2019t MISS it!! A 9/10 film :-)",
        "",
        "\u0130yi \u0130\u0130 film \u0130",
        "ΣΑΣ ΟΔΟΣ",
        "e\u0301te\u0301 \U0001f600 ok\r\nno",
        "سلام دنیا",
        "scho\u0308n \u00adDonau\u00addampf\u00ad x",
        "ﾊﾞﾅﾅ ﬁlm 東京が 각ￂ ไม่ดี",
        "\U00011099\U000110ba ok",
        "ม\u00ad่",
    ],
)
def test_spans_are_where_the_tokens_stand(text):
    spans = token_spans(text)
    assert [fold(text[start:stop]) for start, stop in spans] == tokenize(text)
    assert all(0 <= start < stop <= len(text) for start, stop in spans)
    assert [stop for _, stop in spans[:-1]] <= [start for start, _ in spans[1:]]


@given(
    st.text(st.characters() | st.sampled_from("\u0ecb\u0301\u0307\u00ad\ufcf4\u3099iI\u0130ﾊﾞﬁ日ก่ e\u1100\u1161\u11a8"))
)
def test_spans_hold_the_tokens_of_any_text(text):
    spans = token_spans(text)
    assert all(token in tokenize(text[start:stop]) for token, (start, stop) in zip(tokenize(text), spans, strict=True))
