// Rows as the text of a CSV file: cells of text quoted where they must be, and never a formula for the spreadsheet that
// opens it; numbers stay numbers. The rules are those of model/files/csv_text.py.
const BEGINS_A_FORMULA = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const A_NUMBER = /^\s*[+-]?\s?[\d.,'\u00a0\u202f ]*\d\s?[%\p{L}\p{N}_\u00a0 ]*$/u;

function csv_cell(cell) {
  if (typeof cell === "number") return String(cell);
  const text = String(cell ?? "");
  const shown = BEGINS_A_FORMULA.test(text) && !A_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

export const CSV = (rows) => rows.map((row) => row.map(csv_cell).join(",")).join("\n") + "\n";
