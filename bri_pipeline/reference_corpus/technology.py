"""Technical subjects of the synthetic inventions: IPC subclasses, some of their groups, and words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A subclass, the paper's word for its field (None where Table 4 has none), and its weight in China."""

    subclass: str
    field: str | None
    weight: int
    subject: str
    groups: tuple[str, ...]

    def symbols(self) -> tuple[str, ...]:
        """The symbols of the topic, e.g. ``H04L 29/06``."""
        return tuple(f"{self.subclass} {group}" for group in self.groups)


TOPICS = (
    Topic("H01L", "Electricity", 14, "semiconductor device structure", ("21/768", "29/78", "23/00", "27/11")),
    Topic("H04L", "Electricity", 14, "data transmission", ("29/06", "12/28", "1/18", "27/26")),
    Topic("H04W", "Electricity", 13, "radio resource allocation", ("72/04", "36/00", "88/02", "4/00")),
    Topic("H04N", "Electricity", 6, "picture coding", ("19/00", "7/26", "5/225", "21/00")),
    Topic("H04B", "Electricity", 4, "signal relay", ("7/04", "1/38", "10/00")),
    Topic("H01M", "Electricity", 3, "battery electrode", ("4/58", "10/0525", "8/10")),
    Topic("H02M", "Electricity", 3, "power conversion", ("3/335", "7/48", "1/00")),
    Topic("H03K", "Electricity", 2, "switching circuit", ("17/687", "19/00")),
    Topic("H05K", "Electricity", 2, "circuit board assembly", ("1/02", "7/20")),
    Topic("G06F", "Physical", 14, "memory management", ("12/00", "3/048", "17/30", "9/44")),
    Topic("G06Q", "Physical", 4, "payment handling", ("20/40", "30/02", "10/10")),
    Topic("G06K", "Physical", 3, "image recognition", ("9/62", "9/00")),
    Topic("G01N", "Physical", 4, "sample analysis", ("33/53", "21/64", "27/30")),
    Topic("G01V", "Physical", 2, "borehole logging", ("1/28", "3/18")),
    Topic("G02B", "Physical", 3, "optical coupling", ("6/42", "27/22")),
    Topic("G11B", "Physical", 3, "magnetic recording head", ("5/127", "5/60")),
    Topic("G09G", "Physical", 2, "display driving", ("3/36", "5/00")),
    Topic(
        "A61K",
        "Essential for human life",
        9,
        "pharmaceutical composition",
        ("31/496", "9/127", "36/00", "39/00"),
    ),
    Topic("A61B", "Essential for human life", 4, "patient monitoring", ("5/00", "17/00", "8/08")),
    Topic("A61F", "Essential for human life", 2, "absorbent article", ("13/15", "2/06")),
    Topic("A23L", "Essential for human life", 2, "food product", ("1/30", "2/38")),
    Topic("A01N", "Essential for human life", 1, "plant protection agent", ("43/40", "37/10")),
    Topic("A47J", "Essential for human life", 1, "beverage preparation", ("31/00", "27/08")),
    Topic("C07D", "Chemistry", 6, "heterocyclic compound", ("401/04", "213/00", "487/04")),
    Topic("C07K", "Chemistry", 3, "peptide", ("16/28", "14/47")),
    Topic("C12N", "Chemistry", 4, "expression vector", ("15/09", "9/10", "5/10")),
    Topic("C08L", "Chemistry", 3, "polymer blend", ("23/00", "101/00")),
    Topic("C09K", "Chemistry", 2, "luminescent material", ("11/06", "8/00")),
    Topic("C02F", "Chemistry", 1, "water treatment", ("1/44", "3/00")),
    Topic("C10G", "Chemistry", 1, "hydrocarbon upgrading", ("45/00", "11/00")),
    Topic("C22C", "Metallurgy", 2, "aluminium alloy", ("21/00", "38/00")),
    Topic("C23C", "Metallurgy", 2, "coating deposition", ("16/44", "14/34")),
    Topic("C30B", "Metallurgy", 1, "crystal growth", ("29/06", "15/00")),
    Topic("B01D", "Operation", 3, "membrane separation", ("61/00", "53/22")),
    Topic("B01J", "Operation", 3, "catalyst preparation", ("23/00", "29/04")),
    Topic("B23K", "Operation", 2, "laser processing", ("26/00", "35/00")),
    Topic("B29C", "Operation", 2, "moulding", ("45/00", "67/00")),
    Topic("B82Y", "Operation", 1, "nanostructure", ("40/00", "30/00")),
    Topic("B60L", "Transport", 1, "electric vehicle charging", ("11/18", "3/00")),
    Topic("B65D", "Transport", 2, "packaging", ("81/00", "25/00")),
    Topic("B64C", "Transport", 1, "unmanned aircraft", ("39/02", "27/00")),
    Topic("F16H", "Mechanical engineering", 1, "gear transmission", ("57/04", "3/00")),
    Topic("F04B", "Mechanical engineering", 1, "compressor", ("39/00", "35/04")),
    Topic("F03D", "Mechanical engineering", 1, "wind turbine control", ("7/02", "11/00")),
    Topic("F21V", "Illumination", 2, "lamp housing", ("29/00", "23/00")),
    Topic("F25B", "Illumination", 1, "refrigeration cycle", ("1/00", "13/00")),
    Topic("D06M", None, 1, "textile treatment", ("15/00", "11/83")),
    Topic("D21H", None, 1, "paper coating", ("19/00", "17/00")),
    Topic("E21B", None, 3, "well completion", ("43/26", "33/12")),
    Topic("E04B", None, 1, "building panel", ("1/00", "2/00")),
)
