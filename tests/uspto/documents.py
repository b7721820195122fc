"""Small documents in the forms of the eras: what the reader looks at, and its surroundings."""

from __future__ import annotations

import zipfile
from pathlib import Path

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def inventor_v44(country_element: str, last: str = "Li", first: str = "Wei") -> str:
    return (
        '<inventor sequence="00" designation="us-only"><addressbook>'
        f"<last-name>{last}</last-name><first-name>{first}</first-name>"
        f"<address><city>Nanjing</city>{country_element}</address></addressbook></inventor>\n"
    )


def v44(
    inventors: str,
    number: str = "20200022300",
    applicants: str = "",
    assignees: str = "",
    ipc: str = "",
    title: str = "A thing",
    root: str = "us-patent-application",
    kind: str = "A1",
    published: str = "20200123",
    body: str = "",
) -> str:
    part = "application" if root == "us-patent-application" else "grant"
    return f"""{DECLARATION}<!DOCTYPE {root} SYSTEM "{root}-v44-2014-04-03.dtd" [ ]>
<{root} lang="EN" dtd-version="v4.4 2014-04-03" status="PRODUCTION" country="US">
<us-bibliographic-data-{part} lang="EN" country="US">
<publication-reference>
<document-id>
<country>US</country>
<doc-number>{number}</doc-number>
<kind>{kind}</kind>
<date>{published}</date>
</document-id>
</publication-reference>
<application-reference appl-type="utility">
<document-id>
<country>US</country>
<doc-number>16039511</doc-number>
<date>20180719</date>
</document-id>
</application-reference>
{ipc}
<invention-title id="d2e43">{title}</invention-title>
<us-parties>
<us-applicants>{applicants}</us-applicants>
<inventors>
{inventors}</inventors>
</us-parties>
{assignees}
</us-bibliographic-data-{part}>
<abstract id="abstract"><p>{body}</p></abstract>
</{root}>
"""


def applicant_v42(
    residence: str,
    address: str = "<country>US</country>",
    nationality: str = "<country>omitted</country>",
    last: str = "Li",
    first: str = "Wei",
    app_type: str = "applicant-inventor",
) -> str:
    return (
        f'<applicant sequence="00" app-type="{app_type}" designation="us-only"><addressbook>'
        f"<last-name>{last}</last-name><first-name>{first}</first-name>"
        f"<address><city>Nanjing</city>{address}</address></addressbook>\n"
        f"<nationality>{nationality}</nationality>\n<residence>{residence}</residence></applicant>\n"
    )


def v42(applicants: str, inventors: str = "", after_parties: str = "", ipc: str = "") -> str:
    return f"""{DECLARATION}<!DOCTYPE us-patent-application SYSTEM \
"us-patent-application-v42-2006-08-23.dtd" [ ]>
<us-patent-application lang="EN" dtd-version="v4.2 2006-08-23" status="PRODUCTION" country="US">
<us-bibliographic-data-application lang="EN" country="US">
<publication-reference>
<document-id>
<country>US</country>
<doc-number>20110039701</doc-number>
<kind>A1</kind>
<date>20110217</date>
</document-id>
</publication-reference>
<application-reference appl-type="utility">
<document-id>
<country>US</country>
<doc-number>12750336</doc-number>
<date>20100330</date>
</document-id>
</application-reference>
{ipc}
<invention-title id="d0e61">A thing</invention-title>
<parties>
<applicants>
{applicants}</applicants>
{inventors}
<correspondence-address><addressbook><address><country>US</country></address></addressbook></correspondence-address>
</parties>
{after_parties}
</us-bibliographic-data-application>
</us-patent-application>
"""


def inventor_pap(residence: str, address: str = "", first: bool = True, family: str = "Li") -> str:
    tag = "first-named-inventor" if first else "inventor"
    return (
        f"<{tag}>\n<name><given-name>Wei</given-name><family-name>{family}</family-name></name>\n"
        f"{address}{residence}</{tag}>\n"
    )


def home_pap(country_element: str, kind: str = "residence-non-us") -> str:
    return f"<residence><{kind}><city>Nanjing</city>{country_element}</{kind}></residence>"


def pap(inventors: str, title: str = "A thing", subset: str = "", assignees: str = "") -> str:
    return f"""{DECLARATION}<!DOCTYPE patent-application-publication SYSTEM \
"pap-v16-2002-01-01.dtd" [{subset}]>
<patent-application-publication>
<subdoc-bibliographic-information>
<document-id>
<doc-number>20030000943</doc-number>
<kind-code>A1</kind-code>
<document-date>20030102</document-date></document-id>
<publication-filing-type>new</publication-filing-type>
<domestic-filing-data>
<application-number>
<doc-number>09727454</doc-number>
</application-number>
<application-number-series-code>09</application-number-series-code>
<filing-date>20001204</filing-date>
</domestic-filing-data>
<technical-information>
<classification-ipc>
<classification-ipc-primary><ipc>H01J001/62</ipc></classification-ipc-primary>
<classification-ipc-secondary><ipc>A41B001/00</ipc></classification-ipc-secondary>
<classification-ipc-edition>07</classification-ipc-edition>
</classification-ipc>
<title-of-invention>{title}</title-of-invention>
</technical-information>
<inventors>
{inventors}</inventors>
{assignees}
</subdoc-bibliographic-information>
</patent-application-publication>
"""


def write(path: Path, *documents: str | bytes) -> Path:
    path.write_bytes(b"".join(d if isinstance(d, bytes) else d.encode() for d in documents))
    return path


def write_zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
