from pathlib import Path

from bri_pipeline.commands.place import answers, format_answers

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def test_answers_are_records_in_the_order_asked():
    found = answers(["Wuxi\n City", "Taizhou", "??"], REFERENCE)
    assert found[0] == {
        "text": "Wuxi\n City",
        "province": "CN-JS",
        "province_name": "Jiangsu",
        "city": "Wuxi",
        "method": "exact",
        "confidence": 0.97,
        "candidates": ["CN-JS"],
        "note": "",
    }
    assert [one["province"] for one in found] == ["CN-JS", None, None]
    assert found[1]["candidates"] == ["CN-JS", "CN-ZJ"]


def test_the_table_has_a_line_per_string():
    heading, rule, *lines = format_answers(answers(["Wuxi\n City", "Taizhou"], REFERENCE)).splitlines()
    assert len(lines) == 2 and set(rule) == {"-", " "}
    assert heading.split()[:4] == ["text", "province", "name", "city"]
    assert lines[0].split()[:5] == ["Wuxi", "City", "CN-JS", "Jiangsu", "Wuxi"]
    assert lines[1].split()[:6] == ["Taizhou", "-", "-", "-", "ambiguous", "0.00"]
    assert lines[1].index("ambiguous") == heading.index("method")


def test_no_string_is_no_table():
    assert format_answers([]) == ""
