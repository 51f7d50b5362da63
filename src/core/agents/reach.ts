/** Values of unknown shape, one step at a time. */

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};

/** The elements of an array; none of anything else. */
export const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What lies below by these names; `undefined` where the way ends before. */
export const reach = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (Object.hasOwn(fieldsOf(at), name) ? fieldsOf(at)[name] : undefined), value);

/** One spelling for equal values, whatever the order of their fields. */
export function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${spelled(inner)}`).join(",")}}`;
}
