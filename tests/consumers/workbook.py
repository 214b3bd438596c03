#!/usr/bin/env python3
"""Opens a workbook of `kanwu check --format xlsx` with openpyxl and checks what a reader sees.

Usage: workbook.py FILE.xlsx FILE.csv
The CSV is what `kanwu check --format csv` prints for the same texts: both must say the same.
"""

import csv
import sys

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock


def unmarked(text):
    """A context without what CSV puts around the slip, where a page may have the same marks."""
    return text.replace("【", "").replace("】", "")


workbook_path, csv_path = sys.argv[1:]
sheet = openpyxl.load_workbook(workbook_path, rich_text=True).active
with open(csv_path, encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))

assert sheet.freeze_panes == "A2", sheet.freeze_panes
assert sheet.auto_filter.ref == sheet.dimensions, sheet.auto_filter.ref
assert all(sheet.column_dimensions[c].width > 5 for c in "ABCDEFGHI")
assert sheet.max_row == len(rows) > 1, (sheet.max_row, len(rows))

for cells, row in zip(sheet.iter_rows(), rows):
    for number, (cell, text) in enumerate(zip(cells, row)):
        assert cell.data_type != "f", f"{cell.coordinate} is a formula"
        text = text[1:] if text.startswith("'") else text
        if cell.row == 1:
            assert cell.value == text, (cell.value, text)
        elif number == 7:
            assert f"{cell.value:.0%}" == text, (cell.value, text)
        elif number == 8:
            shown = str(cell.value)
            assert unmarked(shown) == unmarked(text), (cell.coordinate, shown, text)
            assert isinstance(cell.value, CellRichText), cell.coordinate
            red = [part for part in cell.value if isinstance(part, TextBlock) and part.font.b]
            assert len(red) == 1 and red[0].font.color.rgb == "FFC00000", cell.coordinate
            assert f"【{red[0].text}】" in text
        else:
            assert (cell.value or "") == text, (cell.coordinate, cell.value, text)
            assert cell.alignment.wrap_text

print(f"{workbook_path}: {sheet.max_row - 1} rows read by openpyxl")
