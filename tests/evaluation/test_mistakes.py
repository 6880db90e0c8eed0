import json

from mt2st.evaluation.mistakes import Confusion, Mark, Mistake, Near, most_confused, surest


def test_the_most_frequent_come_first_with_their_surest_examples():
    #       0    1    2    3    4    5    6
    gold = [0, 0, 0, 0, 1, 2, 2]
    told = [1, 1, 1, 0, 0, 1, 1]
    sure = [0.5, 0.9, 0.7, 1.0, 0.6, 0.8, 0.8]
    found = most_confused(gold, told, sure, kinds=2, examples=2)
    assert [(each.true, each.predicted, each.examples, each.shown) for each in found] == [
        (0, 1, 3, [1, 2]),
        (2, 1, 2, [5, 6]),
    ]
    assert len(most_confused(gold, told, sure)) == 3 and most_confused([1], [1], [0.9]) == []


def test_they_go_through_json():
    mistakes = (Mistake("a b", (Mark(0, 1, 0.5), Mark(2, 3, -0.1, "X, not Y")), 0.9, 0.1, (Near("c", "pos", 0.4),)),)
    found = Confusion("neg", "pos", 3, 7, (*mistakes, Mistake("d")))
    assert Confusion.of_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_of_equal_texts_the_surest_is_shown():
    assert surest([3, 1, 2, 0], [0.1, 0.9, 0.6, 0.8], ["b", "b", "a", "c"]) == [1, 3, 2]
    assert surest([0, 1], [0.5, 0.5]) == [0, 1]
    assert most_confused([0, 0], [1, 1], [0.5, 0.9], ["x", "x"])[0].shown == [1]
