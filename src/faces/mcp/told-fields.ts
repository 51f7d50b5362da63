/** Lines about a document of the command line, for clients that show text alone. The document itself says everything. */

type Fields = Readonly<Record<string, unknown>>;

export function textAt(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" ? value : undefined;
}

export function listAt(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  return items.filter((item): item is Fields => typeof item === "object" && item !== null);
}

export function objectAt(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function textsAt(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter((item) => typeof item === "string");
}

const refusalsMax = 8;

/** Why a plan must not start, each with its way on. */
function refusalLines(fields: Fields): string[] {
  const refusals = listAt(fields, "refusals");
  const told = refusals.slice(0, refusalsMax).flatMap((refusal) => {
    const paths = textsAt(refusal, "paths");
    const where = paths.length === 0 ? "" : ` ${paths.slice(0, 3).join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}`;
    const head = `${textAt(refusal, "rule") ?? ""} ${textAt(refusal, "code") ?? ""}${where}: ${textAt(refusal, "message") ?? ""}`;
    const remedy = textAt(refusal, "remedy");
    return [head, ...(remedy === undefined ? [] : remedy.split("\n").map((line) => `next: ${line}`))];
  });
  return refusals.length > refusalsMax ? [...told, `and ${refusals.length - refusalsMax} more refusals`] : told;
}

/** What became of a plan, in one line, and what else the document says about it. */
export function outcomeLines(fields: Fields): string[] {
  const outcome = textAt(fields, "outcome") ?? "planned";
  const id = textAt(fields, "id");
  const about = [textAt(fields, "target"), id === undefined ? undefined : `plan ${id.slice(0, 12)}`, textAt(fields, "release")];
  const said = about.filter((part) => part !== undefined).join(", ");
  const error = objectAt(fields, "error");
  const steps = listAt(fields, "steps").length;
  return [
    `${outcome}${said === "" ? "" : ` (${said}, ${steps} ${steps === 1 ? "file" : "files"})`}`,
    ...refusalLines(fields),
    ...[textAt(error, "message") ?? textAt(fields, "message")].filter((line) => line !== undefined),
    ...[textAt(error, "remedy") ?? textAt(fields, "remedy")].filter((line) => line !== undefined).map((line) => `next: ${line}`),
  ];
}

/** Part of a long list, from `offset` on. */
export function pageOf(fields: Fields, name: string, offset: number | undefined): Fields {
  const value = fields[name];
  if (offset === undefined || offset === 0 || !Array.isArray(value)) return fields;
  const items: readonly unknown[] = value;
  return { ...fields, [name]: items.slice(offset), offset, total: items.length };
}

/** `3 behind, 1 diverged`; nothing where all counts are zero. */
export function countsLine(counts: Fields, without: readonly string[] = []): string {
  return Object.entries(counts)
    .filter(([name, count]) => !without.includes(name) && typeof count === "number" && count > 0)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(", ");
}
