/** A listing as the marketplace keeps it: what its owner typed, and from when visitors see it. */

export interface ListingFields {
  readonly title: string;
  /** `2026-05-30`. */
  readonly date: string;
  /** `16:30`, wall clock of the place. */
  readonly start: string;
  readonly end: string;
  readonly guest: string;
  readonly price: string;
}

export const fieldNames = ["title", "date", "start", "end", "guest", "price"] as const;

const datePattern = /^\d{4}-\d{2}-\d{2}$/u;
const timePattern = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;
const textCharsMax = 200;

/** What is wrong with a form, as a sentence; `undefined` where nothing is. */
export function formProblem(fields: ListingFields): string | undefined {
  if (!datePattern.test(fields.date) || Number.isNaN(Date.parse(fields.date))) return "The date must look like 2026-05-30.";
  if (!timePattern.test(fields.start) || !timePattern.test(fields.end)) return "Times must look like 16:30.";
  const long = fieldNames.find((name) => fields[name].length > textCharsMax);
  if (long !== undefined) return `The ${long} is too long.`;
  return fields.title.trim() === "" ? "A listing needs a title." : undefined;
}

interface Version {
  readonly fields: ListingFields;
  /** Milliseconds since the epoch. */
  readonly savedAtMs: number;
}

/** What visitors see of a listing lags behind what its owner saved. */
export class Listing {
  readonly id: string;
  readonly #versions: Version[];

  constructor(id: string, fields: ListingFields, atMs: number) {
    this.id = id;
    this.#versions = [{ fields, savedAtMs: atMs }];
  }

  /** As its owner last saved it. */
  get latest(): Version {
    const version = this.#versions.at(-1);
    if (!version) throw new Error("a listing has a version from the beginning");
    return version;
  }

  /** As visitors see it: the first version at once, every later one when its lag is over. */
  shownAt(nowMs: number, lagMs: number): Version {
    return this.#versions.findLast(({ savedAtMs }, at) => at === 0 || savedAtMs + lagMs <= nowMs) ?? this.latest;
  }

  save(fields: ListingFields, atMs: number): void {
    this.#versions.push({ fields, savedAtMs: atMs });
  }
}
