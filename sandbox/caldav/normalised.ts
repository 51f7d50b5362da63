/** How some servers keep what they are given: properties sorted, long lines folded at their own width. Nothing else is changed. */

const foldAt = 60;

/** The calendar with the properties of each component in the order of their names. */
export function normalised(ics: string): string {
  const lines = ics
    .replaceAll(/\r?\n[ \t]/gu, "")
    .split(/\r?\n/u)
    .filter((line) => line !== "");
  return `${sorted(lines).map(folded).join("\r\n")}\r\n`;
}

/** Runs of properties between BEGIN and END lines, each sorted by name. */
function sorted(lines: readonly string[]): string[] {
  const all: string[] = [];
  let run: string[] = [];
  const end = (): void => {
    all.push(...run.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : nameOf(left) > nameOf(right) ? 1 : 0)));
    run = [];
  };
  for (const line of lines) {
    if (/^(?:BEGIN|END):/iu.test(line)) {
      end();
      all.push(line);
    } else run.push(line);
  }
  end();
  return all;
}

const nameOf = (line: string): string => /^[^:;]*/u.exec(line)?.[0].toUpperCase() ?? "";

function folded(line: string): string {
  const characters = Array.from(line);
  const parts: string[] = [];
  while (characters.length > 0) parts.push(characters.splice(0, foldAt).join(""));
  return parts.join("\r\n ");
}
