from mt2st.text.files import Line
from mt2st.text.readers.records import csv_rows, tsv_rows


def lines(*texts):
    return [Line(number, text) for number, text in enumerate(texts, start=1)]


def test_quotes_mean_nothing_in_tsv():
    [row] = tsv_rows(lines('"a\t"b"'))
    assert row.cells == ['"a', '"b"']
    assert [row.place(at) for at in range(2)] == [(1, 1), (1, 4)]


def test_places_of_quoted_cells():
    first, second = csv_rows(lines('"a,""x""', 'b",c,"",d', "e,f,g,h"))
    assert first.cells == ['a,"x"\nb', "c", "", "d"]
    assert [first.place(at) for at in range(4)] == [(1, 1), (2, 4), (2, 6), (2, 9)]
    assert [second.place(at) for at in range(4)] == [(3, 1), (3, 3), (3, 5), (3, 7)]


def test_a_cell_longer_than_the_csv_module_takes_is_a_fault():
    long, good = csv_rows(lines('ok,"' + "x" * 140_000 + '"', "a,b"))
    assert (long.fault.reason, long.fault.line, long.fault.column) == ("bad quoting", 1, 4)
    assert good.cells == ["a", "b"]


def test_a_fault_of_any_line_is_a_fault_of_the_row():
    fault = object()
    [row] = csv_rows([Line(1, '"a'), Line(2, 'b"', fault)])
    assert row.fault is fault


def test_a_bad_line_does_not_hide_the_rows_after_it():
    rows = list(csv_rows(lines('"a', "b,c", '"d",e')))
    assert [row.cells for row in rows] == [[""], ["b", "c"], ["d", "e"]]
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.fault is None for row in rows] == [False, True, True]
