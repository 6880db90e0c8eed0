"""What the gallery's examples printed and drew when the documentation was built: each is run once, by the build.

python -m sphinx -W docs build/html && MT2ST_HTML=build/html python -m pytest tests/docs
"""

import html
import os
import re
from pathlib import Path

import pytest

HTML = os.environ.get("MT2ST_HTML")
pytestmark = pytest.mark.skipif(not HTML, reason="MT2ST_HTML names no built documentation")
OUTPUT = re.compile(r'class="sphx-glr-script-out.*?<pre>(.*?)</pre>', re.DOTALL)
NUMBER = r"(\d\.\d+)"


def page(name):
    return (Path(HTML) / "gallery" / f"{name}.html").read_text(encoding="utf-8")


def printed(name):
    return "\n".join(html.unescape(re.sub("<[^>]+>", "", block)) for block in OUTPUT.findall(page(name)))


NAMES = ["1_few_labels", "2_when_to_switch", "3_feedback", "4_word_vectors", "5_tagging", "6_any_loop"]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_printed_and_drew(name):
    assert len(printed(name).splitlines()) > 2
    images = re.findall(rf'src="../_images/(sphx_glr_{name}_\d+\.png)"', page(name))
    assert images and all((Path(HTML) / "_images" / image).stat().st_size > 5000 for image in images)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_its_picture_in_the_overview(name):
    overview = (Path(HTML) / "gallery" / "index.html").read_text(encoding="utf-8")
    assert f"sphx_glr_{name}_thumb.png" in overview


def test_films_and_tweets_help_and_the_more_the_fewer_labels():
    rows = re.findall(rf"(\d+) labels, (.+): {NUMBER} \(", printed("1_few_labels"))
    scores = {(int(size), name): float(score) for size, name, score in rows}
    sizes = sorted({size for size, _ in scores})
    gains = [scores[size, "films and tweets beside"] - scores[size, "few labels alone"] for size in sizes]
    assert len(sizes) == 3 and len(scores) == 9
    assert gains[0] > 0.03 and gains[0] > gains[-1] > -0.01
    said = dict(re.findall(r"^(\w+) +([+-]\d\.\d+)$", printed("1_few_labels"), re.MULTILINE))
    assert float(said["lovely"]) > 0.5 > -0.5 > float(said["awful"])


def test_switch_and_diminish_are_as_good_as_constant_for_less():
    rows = re.findall(rf"(\w+) +test {NUMBER}, +(\d+\.\d+) s", printed("2_when_to_switch"))
    scores, seconds = ({name: float(row[at]) for name, *row in rows} for at in (0, 1))
    assert list(scores) == ["single", "constant", "switch", "diminish"]
    for name in ("switch", "diminish"):
        assert scores[name] > scores["constant"] - 0.02 and scores[name] > scores["single"] + 0.02
        assert seconds[name] < 0.7 * seconds["constant"]


def test_feedback_tells_the_auxiliary_that_helps_from_the_one_of_chance():
    text = printed("3_feedback")
    (line,) = re.findall(r"^test error.*$", text, re.MULTILINE)
    alone, everything, feedback = map(float, re.findall(NUMBER, line))
    assert feedback < 0.7 * everything < everything < alone
    tried = [task for task in ("few", "related", "chance") if f"{task}: restore the first state" in text]
    assert tried == ["few", "related", "chance"]
    verdicts = dict(re.findall(r"(\w+): (drop|scale), as its trial gained", text))
    assert set(verdicts) == {"chance"}
    accounts = re.findall(r"(\w+): ran in (\d+) steps, spared in (\d+)", text)
    assert [int(ran) + int(spared) for _, ran, spared in accounts] == [950] * 3


def test_neighbours_and_analogies_are_of_the_field():
    text = printed("4_word_vectors")
    assert "not like the others: parliament" in text
    assert re.search(r"^actor: .*actress", text, re.MULTILINE)
    assert re.search(r"^france : french = spain : .*spanish", text, re.MULTILINE)


def test_text_beside_finds_more_names():
    found = re.findall(rf"tagged sentences alone: F1 {NUMBER}, text beside: F1 {NUMBER}", printed("5_tagging"))
    alone, helped = zip(*(map(float, row) for row in found), strict=True)
    assert len(found) == 3 and list(alone) == sorted(alone)
    assert all(more > less + 0.01 for less, more in zip(alone, helped, strict=True))
    assert "paris/B-NAME" in printed("5_tagging")


def test_the_loop_gains_from_an_auxiliary_that_runs_at_a_fraction_of_the_steps():
    pattern = rf"(\w+): test error {NUMBER}; the auxiliary ran in (\d+) of 500 steps, spared in (\d+)"
    rows = {name: (float(error), int(ran), int(spared)) for name, error, ran, spared in re.findall(
        pattern, printed("6_any_loop"))}  # fmt: skip
    assert list(rows) == ["single", "constant", "diminish"]
    assert 0.7 < rows["single"][0] < 1.0
    assert 0.2 < rows["diminish"][0] < rows["constant"][0] < 0.5
    assert all(ran + spared == 500 for _, ran, spared in rows.values())
    assert 80 < rows["diminish"][1] < 150  # the weights of exp(-5 t) over 500 steps sum to 99
