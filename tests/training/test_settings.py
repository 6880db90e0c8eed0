"""Settings: defaults, errors that name the key, TOML there and back."""

import re
import tomllib
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mt2st.errors import ConfigError
from mt2st.training.settings import (
    Auxiliary,
    assign,
    default_settings,
    dump_other_kinds,
    dump_settings,
    lexical,
    load_settings,
    parse_settings,
)
from mt2st.training.settings.labelled import LabelledSource

FILM = {"film": {"data": "film"}}


def test_the_default_job_is_products_with_250_labels_and_four_auxiliaries():
    found = parse_settings(default_settings())
    assert (found.primary.name, found.primary.data, found.primary.labels) == ("products", "products", 250)
    kinds = {name: (auxiliary.kind, auxiliary.data) for name, auxiliary in found.auxiliary.items()}
    assert kinds == {
        "film": ("classification", "film"),
        "tweets": ("classification", "tweets"),
        "editorials": ("classification", "editorials"),
        "language": ("skipgram", []),
    }
    assert (found.strategy.name, found.strategy.at, found.training.baselines) == ("switch", 0.2, True)


def test_a_file_is_helped_by_a_language_model_alone():
    found = parse_settings(default_settings("/data/my.reviews.tsv.gz"))
    assert (found.primary.name, found.primary.data, found.primary.labels) == ("my", "/data/my.reviews.tsv.gz", None)
    assert list(found.auxiliary) == ["language"]
    assert not found.training.baselines


def test_settings_without_values_resolve():
    found = parse_settings({})
    assert (found.training.steps, found.training.work, found.model.encoder) == (200, "skip", "bag")


@pytest.mark.parametrize(
    ("values", "key", "near"),
    [
        ({"trainign": {}}, "trainign", "training"),
        ({"primary": {"lables": 3}}, "primary.lables", "labels"),
        ({"auxiliary": {"film": {"data": "film", "windwo": 3}}}, "auxiliary.film.windwo", "window"),
        ({"model": {"vectorsize": 3}}, "model.vectorsize", "vector_size"),
        ({"strategy": {"nmae": "switch"}}, "strategy.nmae", "name"),
        ({"training": {"sede": 3}}, "training.sede", "seed"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(values, key, near):
    with pytest.raises(ConfigError, match=rf"^mine\.toml: unknown key {re.escape(key)}; did you mean '{near}'\?$"):
        parse_settings(values, source="mine.toml")


def test_a_key_near_to_none_lists_those_of_its_section():
    with pytest.raises(ConfigError, match=r"unknown key strategy.zzzz; known: name, weight, at, rate, power"):
        parse_settings({"strategy": {"zzzz": 1}})


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("training.steps", 0, "greater than or equal to 1, found 0"),
        ("training.steps", "many", "valid integer, found 'many'"),
        ("training.seed", -1, "greater than or equal to 0, found -1"),
        ("training.work", "lazy", "'skip', 'exact' or 'every', found 'lazy'"),
        ("training.skip_floor", 0.0, "greater than 0, found 0.0"),
        ("training.skip_floor", 1.5, "less than or equal to 1, found 1.5"),
        ("training.on_bad_rows", "ignore", "'error' or 'skip', found 'ignore'"),
        ("model.dropout", 1.0, "less than 1, found 1.0"),
        ("model.rate", 0.0, "greater than 0, found 0.0"),
        ("model.encoder", "lstm", "'bag', 'bilstm', 'attention', 'cnn' or 'transformer', found 'lstm'"),
        ("model.pairs", "perhaps", "found 'perhaps'"),
        ("primary.passes", float("inf"), "finite number, found inf"),
        ("primary.table_rate", float("nan"), "found nan"),
        ("primary.labels", 0, "greater than or equal to 1, found 0"),
        ("primary.name", 3, "valid string, found 3"),
        ("primary.text_column", 1.5, "found 1.5"),
        ("primary.format", "xml", "found 'xml'"),
        ("auxiliary.film.window", 0, "greater than or equal to 1, found 0"),
        ("auxiliary.film.kind", "word2vec", "'cbow', 'document' or 'glove', found 'word2vec'"),
        ("auxiliary.film.subwords", "perhaps", "valid boolean, found 'perhaps'"),
        ("auxiliary.film.min_n", 0, "greater than or equal to 1, found 0"),
        ("auxiliary.film.sample", 2.0, "less than or equal to 1, found 2.0"),
        ("auxiliary.film.bucket", 2**31, "less than or equal to 2147483647, found 2147483648"),
        ("auxiliary.film.x_max", 0.0, "greater than 0, found 0.0"),
        ("strategy.name", "swich", "found 'swich'"),
        ("strategy.weight", -1.0, "greater than or equal to 0, found -1.0"),
        ("strategy.rate", 0.0, "greater than 0, found 0.0"),
        ("strategy.at", -0.1, "greater than or equal to 0, found -0.1"),
        ("primary.name", "", "at least 1 character, found ''"),
        ("strategy.at", True, "found True"),
        ("training.seed", "3", "valid integer, found '3'"),
        ("strategy.tolerance", 1.0, "less than 1, found 1.0"),
    ],
)
def test_a_bad_value_names_key_rule_and_value(key, value, rule):
    values = {"auxiliary": {"film": {"data": "film"}}}
    *sections, name = key.split(".")
    place = values
    for section in sections:
        place = place.setdefault(section, {})
    place[name] = value
    with pytest.raises(ConfigError) as caught:
        parse_settings(values, source="s")
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"s: {key}: ") for line in lines), lines
    assert rule in str(caught.value)


def test_every_fault_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        parse_settings({"training": {"steps": 0, "seed": -1}})
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == ["training.steps", "training.seed"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"auxiliary": {"film": {}}}, "auxiliary.film: a classification auxiliary needs data"),
        ({"auxiliary": {"film": {"data": ["a", "b"]}}}, "auxiliary.film: a classification auxiliary needs data"),
        (
            {"auxiliary": {"film": {"data": "film", "subwords": True}}},
            "film: subwords is for skipgram and cbow, not for",
        ),
        ({"auxiliary": {"text": {"kind": "glove", "subwords": True}}}, "not for glove: leave it out"),
        (
            {"auxiliary": {"text": {"kind": "cbow", "min_n": 5, "max_n": 4}}},
            "min_n must be at most max_n, 5 and 4 found",
        ),
        ({"auxiliary": {"text": {"kind": "glove", "window": 256}}}, "window of glove must be at most 255, 256 found"),
        (
            {
                "auxiliary": {
                    "a": {"kind": "cbow", "subwords": True},
                    "b": {"kind": "cbow", "subwords": True, "max_n": 5},
                }
            },
            r"auxiliaries with subwords share them: set one min_n, max_n, bucket, .*3, 5, 2000000",
        ),
        ({"auxiliary": {"products": {"data": "film"}}}, "the primary and an auxiliary are both called 'products'"),
        ({"auxiliary": FILM, "strategy": {"weight": {"flim": 1.0}}}, "strategy.weight must name each auxiliary: film"),
        ({"strategy": {"rate": {"film": 1.0}}}, "strategy.rate must name each auxiliary: none"),
        ({"auxiliary": FILM, "strategy": {"power": {}}}, "strategy.power must name each auxiliary: film"),
    ],
)
def test_settings_that_do_not_fit_each_other_are_refused(values, message):
    with pytest.raises(ConfigError, match=message):
        parse_settings(values)


@pytest.mark.parametrize(
    ("assignment", "value"),
    [
        ("training.seed=3", 3),
        ("training.seed = 3", 3),
        ("training.seed=0.5", 0.5),
        ("training.seed=true", True),
        ("training.seed=[1, 2]", [1, 2]),
        ("training.seed={a = 1}", {"a": 1}),
        ('training.seed="3"', "3"),
        ("training.seed=../my file.tsv", "../my file.tsv"),
        ("training.seed=a=b", "a=b"),
        ("training.seed=", ""),
    ],
)
def test_set_takes_toml_or_else_a_string(assignment, value):
    values = {"training": {"seed": 1, "steps": 7}}
    assign(values, assignment)
    assert values == {"training": {"seed": value, "steps": 7}}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("primary.labels", "none", None),
        ("auxiliary.film.text_column", "none", None),
        ("auxiliary.film.text_column", '"none"', "none"),
        ("auxiliary.film.scheme", "none", "none"),
        ("primary.name", "none", "none"),
    ],
)
def test_a_bare_none_is_none_where_a_setting_may_be(key, text, value):
    values = {}
    assign(values, f"{key}={text}")
    for part in key.split("."):
        values = values[part]
    assert values == value


@pytest.mark.parametrize("name", ["weight", "rate", "power", "at"])
def test_a_broken_bound_is_told_without_the_other_types_of_the_value(name):
    with pytest.raises(ConfigError) as caught:
        parse_settings({"strategy": {name: -1}}, source="s")
    assert re.fullmatch(rf"s: strategy\.{name}: Input should be greater than .*, found -1", str(caught.value))


def test_an_auxiliary_has_a_name():
    with pytest.raises(ConfigError, match="at least 1 character"):
        parse_settings({"auxiliary": {"": {"data": "film"}}})


def test_a_hidden_file_gives_its_name():
    assert parse_settings(default_settings("/data/.mine.tsv")).primary.name == "mine"


def test_set_makes_the_sections_on_the_way():
    values = {}
    assign(values, "auxiliary.film.data=film")
    assert values == {"auxiliary": {"film": {"data": "film"}}}


@pytest.mark.parametrize("assignment", ["training.seed", "=3", ".seed=3", "training.=3", "a..b=1"])
def test_set_refuses_what_is_no_assignment(assignment):
    with pytest.raises(ConfigError, match=r"--set takes section\.key=value, found"):
        assign({}, assignment)


def test_set_refuses_a_value_as_section():
    with pytest.raises(ConfigError, match="seed is a value, not a section"):
        assign({"training": {"seed": 1}}, "training.seed.deep=1")


@pytest.mark.parametrize("primary", ["products", "film", "tweets", "editorials", "a file.csv"])
def test_default_settings_survive_being_written_and_read(tmp_path, primary):
    settings = parse_settings(default_settings(primary))
    path = tmp_path / "config.toml"
    path.write_text(dump_settings(settings), encoding="utf-8")
    assert parse_settings(load_settings(path)) == settings


@pytest.mark.parametrize(
    ("kind", "rate", "window"),
    [("skipgram", 0.03, 5), ("cbow", 0.05, 5), ("glove", 0.05, 10)],
)
def test_rate_and_window_have_a_default_for_each_kind(kind, rate, window):
    found = parse_settings({"auxiliary": {"a": {"kind": kind, "data": "film"}}}).auxiliary["a"]
    assert (found.table_rate, found.window) == (rate, window)
    given = parse_settings({"auxiliary": {"a": {"kind": kind, "data": "film", "table_rate": 0.7, "window": 3}}})
    assert (given.auxiliary["a"].table_rate, given.auxiliary["a"].window) == (0.7, 3)


def test_auxiliaries_may_share_their_subwords():
    text = {"kind": "skipgram", "subwords": True, "max_n": 5}
    other = {**text, "kind": "cbow", "window": 3}
    plain = {"kind": "cbow", "max_n": 4}
    found = parse_settings({"auxiliary": {"a": text, "b": other, "c": plain}})
    assert [auxiliary.subwords for auxiliary in found.auxiliary.values()] == [True, True, False]


def test_language_models_are_written_with_their_comments():
    text = dump_settings(parse_settings({"auxiliary": {"text": {"kind": "cbow", "subwords": True}}}))
    assert 'kind = "cbow" # classification, tagging, multilabel, regression or pairs, of labelled texts; ' in text
    assert "subwords = true # compose words of character n-grams too (skipgram, cbow; in [model]: " in text
    assert "bucket = 2000000 # number of hash buckets of n-grams" in text


def test_an_auxiliary_is_written_with_the_settings_of_its_kind_alone():
    kinds = {"film": "classification", "text": "skipgram", "words": "alignment"}
    found = parse_settings({"auxiliary": {name: {"kind": kind, "data": "a"} for name, kind in kinds.items()}})
    written = tomllib.loads(dump_settings(found))["auxiliary"]
    assert "head_rate" in written["film"] and not {"window", "gamma", "crf", "min_n"} & set(written["film"])
    assert {"window", "negative", "min_n"} <= set(written["text"]) and "head_rate" not in written["text"]
    assert {"gamma", "batch"} <= set(written["words"]) and "window" not in written["words"]


def test_settings_of_the_other_kinds_stand_once_as_comments():
    found = parse_settings(default_settings())
    text = dump_other_kinds(found)
    assert "# gamma = 1.0 # weight of wrong translations against right ones (alignment)" in text
    assert "# window = " not in text, "skip-gram is among the default job's kinds"
    names = re.findall(r"^# ?(\w+) =", dump_settings(found) + text, re.M)
    named = set(names) | set(re.findall(r"^(\w+) =", dump_settings(found), re.M))
    assert set(Auxiliary.model_fields) <= named


def test_every_setting_is_written_with_its_comment():
    text = dump_settings(parse_settings(default_settings()))
    assert "seed = 1 # random seed: draw of labels, initial values, order, skipping" in text
    assert re.search(r"^# ?max_seconds = ", text, re.M), "none is a commented line"


names = st.text(min_size=1, max_size=8)
numbers = st.floats(1e-12, 1e12)


@st.composite
def settings_values(draw):
    auxiliaries = draw(st.lists(names.filter(lambda name: name != "main"), unique=True, max_size=3))
    per_task = numbers | st.fixed_dictionaries(dict.fromkeys(auxiliaries, numbers))
    column = st.none() | st.text(max_size=5) | st.integers(1, 9)
    return {
        "primary": {
            "name": "main",
            "data": draw(st.text(max_size=20)),
            "labels": draw(st.none() | st.integers(1)),
            "text_column": draw(column),
            "label_column": draw(column),
            "test_data": draw(st.none() | st.text()),
            "head_rate": draw(numbers),
        },
        "auxiliary": {
            name: {
                "kind": draw(st.sampled_from(["skipgram", "cbow"])),
                "subwords": draw(st.booleans()),
                "data": draw(st.text() | st.lists(st.text(), max_size=3)),
                "window": draw(st.integers(1, 2**40)),
                "sample": draw(st.floats(0, 1)),
            }
            for name in auxiliaries
        },
        "model": {"pairs": draw(st.booleans()), "dropout": draw(st.floats(0, 1, exclude_max=True))},
        "strategy": {
            "weight": draw(per_task),
            "rate": draw(per_task),
            "time": draw(st.sampled_from(["steps", "epochs"])),
        },
        "training": {"seed": draw(st.integers(0, 2**62)), "max_seconds": draw(st.none() | numbers)},
    }


@given(settings_values())
@hypothesis_settings(max_examples=60)
def test_any_settings_survive_being_written_and_read(tmp_path_factory, values):
    settings = parse_settings(values)
    path = tmp_path_factory.mktemp("settings") / "config.toml"
    path.write_bytes(dump_settings(settings).encode())
    assert parse_settings(load_settings(path)) == settings


def test_a_syntax_error_names_file_line_and_column(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("[training]\nseed = = 3\n")
    with pytest.raises(ConfigError, match=r"bad\.toml: not TOML: .*line 2, column 8.*give it as --data"):
        load_settings(path)


def test_a_file_that_is_not_utf8_is_no_toml(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_bytes(b"# caf\xe9\n")
    with pytest.raises(ConfigError, match=r"bad\.toml: not TOML"):
        load_settings(path)


def test_a_byte_order_mark_is_read_as_if_clean(tmp_path):
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbf[training]\r\nseed = 3\r\n")
    assert load_settings(path) == {"training": {"seed": 3}}


def test_a_file_that_is_not_there_points_to_init(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read .*mt2st init"):
        load_settings(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("auxiliary", "message"),
    [
        ({"kind": "tagging"}, "a tagging auxiliary needs data, one named set or file"),
        ({"kind": "pairs", "data": ["a", "b"]}, "a pairs auxiliary needs data, one named set or file"),
        ({"data": "a.tsv", "crf": True}, "crf is for tagging, not for classification: leave it out"),
        ({"kind": "tagging", "data": "a.conll", "loss": "huber"}, "loss is for regression and pairs, not for tagging"),
        ({"kind": "cbow", "label_columns": ["a"]}, "label_columns is for multilabel and regression, not for cbow"),
        ({"data": "a.tsv", "window": 7}, "window is for skipgram and cbow and glove, not for classification"),
        ({"kind": "skipgram", "head_rate": 0.3}, "head_rate is for classification and tagging and "),
        (
            {"kind": "regression", "data": "a", "label_columns": ["a"], "label_column": "b"},
            "label_column and label_columns cannot both be set: leave one out",
        ),
        ({"kind": "tagging", "data": "a", "scheme": "bieos"}, "scheme: Input should be 'auto', 'none', 'bio'"),
    ],
)
def test_options_of_another_kind_are_refused(auxiliary, message):
    with pytest.raises(ConfigError) as caught:
        parse_settings({"auxiliary": {"x": auxiliary}, "model": {"encoder": "bilstm"}}, source="s")
    assert f"s: auxiliary.x{'.' if message.startswith('scheme') else ': '}{message}" in str(caught.value)


@pytest.mark.parametrize("kind", ["tagging", "pairs"])
def test_what_bags_cannot_learn_is_refused(kind):
    why = "reads words in their order" if kind == "tagging" else "compares the vectors of two texts"
    message = f"auxiliary.x: {kind} {why}, which the encoder bag cannot: set model.encoder = 'bilstm'"
    with pytest.raises(ConfigError, match=message):
        parse_settings({"auxiliary": {"x": {"kind": kind, "data": "a.tsv"}}})


def test_defaults_go_by_kind_and_encoder():
    kinds = {"tags": "tagging", "stars": "regression", "text": "cbow"}
    auxiliary = {name: {"kind": kind, "data": "a.tsv"} for name, kind in kinds.items()}
    found = parse_settings({"auxiliary": auxiliary, "model": {"encoder": "bilstm"}}).auxiliary
    assert [found[name].passes for name in kinds] == [5.0, 5.0, 20.0]
    assert (found["stars"].head_rate, found["stars"].table_rate, found["tags"].head_rate) == (0.1, 0.1, 0.5)


def with_list(**options):
    return {"auxiliary": {"words": {"kind": "similarity", "data": "wordsim353", **options}}}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"training": {"seed": 2**63}}, "training.seed: Input should be less than or equal to 9223372036854775807"),
        ({"training": {"split_seed": 2**64}}, "training.split_seed: Input should be less than or equal to"),
        (with_list(batch=1), "batch must be 3 or more, 1 found"),
        (with_list(batch=2), "batch must be 3 or more, 2 found"),
        (with_list(temperature=1e-30), "temperature: Input should be greater than or equal to 0.000001"),
        (
            {"primary": {"kind": "tagging"}, "model": {"encoder": "bilstm"}, "freeze": {"share": 0.3}},
            "freeze.share and freeze.layers must be 0: relevance is not known of a primary of the kind tagging",
        ),
        (
            {"primary": {"kind": "tagging"}, "model": {"encoder": "bilstm"}, "freeze": {"layers": 0.5}},
            "a primary of the kind tagging",
        ),
    ],
)
def test_values_that_could_not_train_are_refused_before_anything_is_read(values, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        parse_settings(values)


def test_the_values_beside_them_are_taken():
    found = parse_settings({"training": {"seed": 2**63 - 1}, **with_list(batch=3, temperature=1e-6)})
    assert found.training.seed == 2**63 - 1 and found.auxiliary["words"].batch == 3
    assert parse_settings(with_list(batch=1, over="elements")).auxiliary["words"].batch == 1


def test_every_kind_of_auxiliary_is_told():
    kinds = get_args(LabelledSource.model_fields["kind"].annotation)
    told = re.findall(r"\w+", LabelledSource.model_fields["kind"].description)
    assert set(kinds) <= set(told)


def test_the_least_batch_of_pairs_is_what_ranks_need():
    similarity = pytest.importorskip("mt2st.tasks.lexical.similarity")
    assert lexical.LEAST_PAIRS == similarity.LEAST_PAIRS
