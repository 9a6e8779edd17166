"""What holds for all tests, before any of them is imported."""

import os

# Some tests read with lxml, with which openpyxl would write other bytes than in the functions: their layers have none.
os.environ["OPENPYXL_LXML"] = "False"
