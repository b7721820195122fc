"""What a reader says of a record in which something could not be read, or was read otherwise than printed.

The fault is never a reason to drop the record: the field is null (or the entry missing), the record carries the
note, and the notes are counted by source file.
"""

from __future__ import annotations

FILING_DATE = "a filing date that could not be read"
RELATED_DATE = "a date of a related document that could not be read"
IPC_SYMBOL = "an IPC symbol that could not be read"
CPC_SYMBOL = "a CPC symbol that could not be read"
US_STATE = "a country code equal to the US state beside it, read as the US"
REPEATED_INVENTOR = "an inventor's row that is there twice, counted once"
APPLICANT = "an applicant's entry that could not be read"
RELATED = "a related document that could not be read"
