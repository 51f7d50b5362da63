/** What stood on the command line for one verb. */

export interface Words {
  /** Arguments in order; a list argument's words stand at the end. */
  readonly operands: readonly string[];
  /** Options by their long name in camelCase, as commander gives them. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** An option's text, where it was given one. */
export function textOf({ options }: Words, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether a switch was given. */
export const has = ({ options }: Words, name: string): boolean => options[name] === true;

/** Every text of an option that may be repeated. */
export function listOf({ options }: Words, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
