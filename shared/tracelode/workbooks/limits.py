"""What a workbook may cost at most. Every limit of the reader stands here; docs/LIMITS.md explains them.

For scale: an official CMRT 6.5 weighs 1.6 MB, has 77 parts, unpacks to 9.5 MB (its Smelter List alone to 5.8 MB), and
no part of it shrinks more than sixteenfold.
"""

MAX_FILE_BYTES = 30_000_000
"""A larger file is refused unseen."""

MAX_ENTRIES = 2_000
"""Parts in the archive, counted before the archive's directory is parsed."""

MAX_PART_BYTES = 96_000_000
"""Unpacked size of one part, as the directory declares it and as it really comes out."""

MAX_INFLATED_BYTES = 400_000_000
"""Unpacked size of all parts together, as declared; parts that are not read are never unpacked."""

MAX_READ_PART_BYTES = 48_000_000
"""Unpacked size of one part that is read: its text is held some five times over until it has become cells."""

MAX_READ_BYTES = 96_000_000
"""Unpacked size of all the parts that are read."""

MAX_RATIO = 250
"""Unpacked over packed size of a part larger than `RATIO_MATTERS_FROM`."""

RATIO_MATTERS_FROM = 4_000_000
"""Bytes unpacked from which the ratio is looked at: small parts of blanks may shrink a thousandfold and do no harm."""

MAX_DIRECTORY_PART_BYTES = 1_000_000
"""Unpacked size of the parts that say where the sheets are (workbook.xml and its relationships)."""

MAX_COMPANION_BYTES = 16_000_000
"""Unpacked size of the shared strings, and of the styles: 1.0 and 0.2 MB in an official CMRT 6.5."""

MAX_SPIN_COUNT = 500_000
"""Hash rounds that an encrypted workbook may ask for; Excel writes 100,000."""

MAX_ENCRYPTION_INFO_BYTES = 6_000
"""What says how a workbook is encrypted; Excel writes some 1,500 bytes."""

MAX_ROW = 9_999
"""Last row that is looked at on any sheet; the Smelter List ends at 2504, the Product List at 2005."""

MAX_COLUMN = 104
"""Last column that is looked at on any sheet (CZ); the Smelter List's technical columns end at AH."""

MAX_REFERENCED_TEXT_BYTES = 64_000_000
"""Text of one sheet once every cell has its own copy of the shared string that it refers to."""

MAX_CELLS = 1_000_000
"""Cells of all the sheets that are read together; the Smelter List of an official CMRT 6.5 has 60,000."""

MAX_LEGACY_BYTES = 12_000_000
"""Size of the stream that an .xls workbook consists of; an official CMRT 3.01 has 2.4 MB."""

MAX_LEGACY_RECORDS = 500_000
"""Records of an .xls workbook that are walked over, before and in its sheets; an official CMRT 3.01 has 34,000."""

MAX_LEGACY_STRINGS = 200_000
"""Shared strings of an .xls workbook; an official CMRT 3.01 has 3,600."""

MAX_LEGACY_CELLS = 400_000
"""Cells of all the sheets of an .xls workbook that are read together; an official CMRT 3.01 has 22,000."""

MAX_SHEETS_PROBED = 16
"""Sheets whose content is looked at when those of the template cannot be told by their names."""

MAX_STREAMED_CELLS = 300_000
"""Cells of the sheets that have to be streamed because some cell is out of bounds or does not say where it stands."""

MAX_STREAMED_TAGS = 1_000_000
"""Tags of the sheets that have to be streamed."""

MAX_STREAMED_TAG_BYTES = 5_000
"""Length of one tag of such a sheet: the parser's time grows with the square of a tag's attributes."""

MAX_STREAMED_SHARED_BYTES = 8_000_000
"""Size of the shared strings that may accompany a streamed sheet."""

MAX_STREAMED_STYLE_BYTES = 2_000_000
"""Size of the styles that accompany a streamed sheet; larger ones are left out, so that a date comes as a number."""

MAX_TEXT = 4_000
"""Characters kept of a cell. Excel itself allows 32,767; no field of a CMRT needs them."""

MAX_FOUND = 200
"""Characters of a workbook's text that a finding quotes."""

MAX_ORIGIN_CHARACTERS = 1_000_000
"""Characters of all different mine country cells that are kept whole: 2,500 rows of 400, which name forty countries."""

MAX_ORIGIN_TEXT = 200
"""Characters kept of each such cell beyond them."""

MAX_CUTS_TOLD = 50
"""Texts of one workbook that findings say were cut."""

MAX_COMBINING = 30
"""Combining marks kept in a row (UAX #15): putting them into their order takes time with the square of their number."""

MAX_EDITING_STEPS = 300_000
"""Elements looked at while a workbook is marked up or a template filled: 2,000 in an official CMRT 6.5."""

MAX_EDITED_PART_BYTES = 32_000_000
"""Unpacked size of a part that is edited."""
