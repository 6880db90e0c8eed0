from mt2st.strategies import SingleTask, single_task


def test_auxiliaries_never_weigh_anything(weights_of, hundred):
    assert single_task(0.7) == 0.0
    assert weights_of(SingleTask(), 5, hundred) == {"p": 1.0, "a": 0.0, "b": 0.0}


def test_all_of_the_run_is_its_single_task_phase(hundred):
    phase = SingleTask().bind("p", ["a"], hundred).phase(0)
    assert (phase.name, phase.start, phase.stop) == ("single-task", 0, 100)
