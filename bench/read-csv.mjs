/** Rows of a CSV with a header, as records; quoted fields may hold separators, doubled quotes and line breaks. */
export function readCsv(text, separator = ",") {
  const [header = [], ...rows] = [...rowsOf(text.replace(/^\uFEFF/u, ""), separator)];
  const names = header.map((name) => name.trim());
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, (row[at] ?? "").trim()])));
}

function* rowsOf(text, separator) {
  let [row, field, isQuoted] = [[], "", false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') field += text[(at += 1)];
      else isQuoted = false;
    } else if (letter === '"' && field === "") isQuoted = true;
    else if (letter === separator) [row, field] = [[...row, field], ""];
    else if (letter === "\n") {
      yield [...row, field.replace(/\r$/u, "")];
      [row, field] = [[], ""];
    } else field += letter;
  }
  if (field !== "" || row.length > 0) yield [...row, field];
}
