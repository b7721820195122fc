"""The splitter on hand-made streams, cut into chunks at every possible place."""

import pytest

from bri_pipeline.uspto.split import find_root, split_documents

A = b'<?xml version="1.0"?>\n<a>one</a>\n'
B = b'<?xml version="1.0"?>\n<b>two? <!-- no <?xml here --></b>\n'


def split(stream: bytes, chunk: int = 7, **options: int) -> list[tuple[int, int, bytes, bool]]:
    chunks = [stream[place : place + chunk] for place in range(0, len(stream), chunk)]
    return [tuple(document) for document in split_documents(chunks, **options)]


@pytest.mark.parametrize("chunk", range(1, 80))
def test_documents_offsets_and_numbers_whatever_the_chunks(chunk: int) -> None:
    assert split(A + B + A, chunk) == [
        (0, 0, A, True),
        (1, len(A), B, True),
        (2, len(A) + len(B), A, True),
    ]


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\n", b"\xef\xbb\xbf \n"])
def test_mark_and_blanks_before_the_first_document_are_not_part_of_it(before: bytes) -> None:
    found = split(before + A + B)
    assert found == [(0, len(before), A, True), (1, len(before) + len(A), B, True)]


def test_windows_line_ends() -> None:
    a, b = A.replace(b"\n", b"\r\n"), B.replace(b"\n", b"\r\n")
    assert [content for _, _, content, _ in split(a + b)] == [a, b]


def test_one_document_without_a_declaration() -> None:
    assert split(b"<!DOCTYPE a>\n<a>one</a>") == [(0, 0, b"<!DOCTYPE a>\n<a>one</a>", True)]


def test_text_before_the_first_declaration_is_a_document_of_its_own() -> None:
    assert [content for _, _, content, _ in split(b"garbage\n" + A)] == [b"garbage\n", A]


@pytest.mark.parametrize("stream", [b"", b" \r\n\n", b"\xef\xbb\xbf", b"\n\x00\x1a"])
def test_nothing_but_blanks_holds_no_document(stream: bytes) -> None:
    assert split(stream) == []


@pytest.mark.parametrize("chunk", [1, 5, 64, 1000])
def test_a_document_too_long_to_hold_is_cut_to_its_head(chunk: int) -> None:
    long = b'<?xml version="1.0"?>\n<a>' + b"x? " * 400 + b"</a>\n"
    assert split(A + long + B, chunk, head_bytes=100) == [
        (0, 0, A, True),
        (1, len(A), long[:100], False),
        (2, len(A) + len(long), B, True),
    ]
    assert split(A + long, chunk, head_bytes=100)[1:] == [(1, len(A), long[:100], False)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "x>y" [<!ENTITY c SYSTEM "d" NDATA e>\n]><a/>', b"a"),
        (b'<!-- <b> --><?p <c> ?>\n<!DOCTYPE d PUBLIC "-//W3C//DTD" "http://x">\r\n<us-patent-grant x="1">',
         b"us-patent-grant"),
        (b"no markup", None),
        (b"<?xml version='1.0'?>\n", None),
        (b"<!DOCTYPE a [", None),
    ],
)  # fmt: skip
def test_root_is_found_on_the_bytes(content: bytes, name: bytes | None) -> None:
    root = find_root(content)
    assert (root and root.name) == name
    assert root is None or content[root.start :].startswith(b"<" + root.name)
