"""Files become text with the line of each row; a broken line costs itself and no other."""

import csv
import gzip
import io

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import FileInputError
from ingestion.sources.files.listing import list_files
from ingestion.sources.files.mapping import FileFormat
from ingestion.sources.files.readers import read_file

FORMAT = FileFormat()
CELLS = st.text(
    alphabet=st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\u2028\u2029")
    | st.sampled_from(',"\n'),
    max_size=8,
)


@pytest.fixture
def memory():
    """Files in memory, through the same door as files in a bucket."""
    system = MemoryFileSystem()
    system.store.clear()
    yield system
    system.store.clear()


def read(content: bytes, name="a.csv", files=FORMAT):
    """Rows with their line, and broken lines, of one file."""
    MemoryFileSystem().pipe(f"/feed/{name}", content)
    (file,) = [f for f in list_files("memory://feed", files) if f.name == name]
    rows, broken = [], []
    for batch in read_file(file, files):
        table = batch.table(name)
        rows += table.drop_columns(["_source_file"]).to_pylist()
        broken += batch.broken
    MemoryFileSystem().store.clear()
    return rows, broken


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_any_csv_that_is_written_is_read_again(rows):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    found, broken = read(text.getvalue().encode())
    assert [(row["a"], row["b"], row["c"]) for row in found] == rows
    assert not broken


@given(st.lists(st.sampled_from(["1,2", "1", "1,2,3", '"x""y",2', "", '"open,2']), max_size=8))
def test_each_line_is_a_row_or_is_told(lines):
    found, broken = read("\n".join(["a,b", *lines]).encode())
    numbered = list(enumerate(lines, start=2))
    good = [number for number, line in numbered if line in ("1,2", '"x""y",2')]
    bad = [number for number, line in numbered if line in ("1", "1,2,3")]
    told = [number for number, _ in broken]
    if '"open,2' not in lines:
        assert [row["_source_line"] for row in found] == good
        assert told == bad
    else:
        seen = {row["_source_line"] for row in found} | set(told)
        assert set(bad) <= seen


def test_an_unclosed_quote_costs_one_line():
    found, broken = read(b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert [row["a"] for row in found] == ["1", "5", "7"]
    assert broken == [(3, "a quote that is not closed")]


def test_too_few_and_too_many_fields_are_set_aside_and_lines_are_those_of_the_file():
    found, broken = read(b'a,b\n1,2\n\n3\n4,"x\ny"\n5,6,7\n8,9\n')
    assert [row["_source_line"] for row in found] == [2, 5, 8]
    assert broken == [(4, "1 fields instead of 2"), (7, "3 fields instead of 2")]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa,b\r\n1,2\r\n", b"a,b\n1,2", b" a , b \n1,2\n"])
def test_marks_and_line_ends_are_no_part_of_names_or_values(content):
    assert read(content)[0] == [{"a": "1", "b": "2", "_source_line": 2}]


def test_a_file_of_only_a_header_has_its_columns():
    assert read(b"a,b\n") == ([], [])


def test_names_can_come_from_the_mapping():
    files = FileFormat(columns=("a", "b"), delimiter=";")
    assert read(b"1;2\n", files=files)[0] == [{"a": "1", "b": "2", "_source_line": 1}]


def test_text_in_another_encoding_needs_its_name():
    content = "a\nMünchen\n".encode("latin-1")
    with pytest.raises(FileInputError, match="latin-1"):
        read(content)
    assert read(content, files=FileFormat(encoding="latin-1"))[0][0]["a"] == "München"


def test_gzip_is_unpacked_and_a_torn_file_is_told():
    packed = gzip.compress(b"a\n" + b"1\n" * 1000)
    assert len(read(packed, name="a.csv.gz")[0]) == 1000
    with pytest.raises(FileInputError, match=r"a\.csv\.gz"):
        read(packed[:-30], name="a.csv.gz")


def test_json_lines_flatten_and_broken_ones_are_told():
    lines = [b'{"id": 1, "at": {"day": "x"}, "tags": ["a"]}', b"{", b"", b"[1]", b'{"ok": true}']
    found, broken = read(b"\n".join(lines), name="a.jsonl")
    assert found[0] == {"id": "1", "at__day": "x", "tags": '["a"]', "ok": None, "_source_line": 1}
    assert found[1]["ok"] == "true"
    assert broken == [(2, "no JSON"), (4, "no JSON object")]


def test_parquet_gives_text_too():
    sink = io.BytesIO()
    table = pa.table({"n": [1, None], "s": [{"x": 1.5}, None], "l": [[1, 2], []], "d": ["a", "b"]})
    pq.write_table(table, sink)
    found, _ = read(sink.getvalue(), name="a.parquet")
    assert found[0] == {"n": "1", "s__x": "1.5", "l": "[1,2]", "d": "a", "_source_line": 1}
    assert found[1]["n"] is None
    with pytest.raises(FileInputError, match="no Parquet"):
        read(orjson.dumps({}), name="a.parquet")


def test_a_doubled_column_is_refused():
    with pytest.raises(FileInputError, match="'a' twice"):
        read(b"a,a\n1,2\n")


def test_files_are_found_by_folder_pattern_and_name(memory):
    for name in ("b.csv", "a.csv.gz", "sub/c.jsonl", "note.md", ".hidden.csv"):
        memory.pipe(f"/feed/{name}", b"a\n1\n")
    names = [file.name for file in list_files("memory://feed", FORMAT)]
    assert names == ["a.csv.gz", "b.csv", "sub/c.jsonl"]
    assert [file.name for file in list_files("memory://feed/*.csv", FORMAT)] == ["b.csv"]
    assert [file.name for file in list_files("memory://feed/b.csv", FORMAT)] == ["b.csv"]
    with pytest.raises(FileInputError, match="nothing at"):
        list_files("memory://elsewhere", FORMAT)
    with pytest.raises(FileInputError, match="no CSV"):
        list_files("memory://feed", FileFormat(pattern="*.tsv"))
