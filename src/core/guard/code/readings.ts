import type { Reading } from "../reading.ts";

/** Several readings as one. */
export const joined = (readings: readonly Reading[]): Reading => ({
  effects: readings.flatMap((reading) => reading.effects),
  nested: readings.flatMap((reading) => reading.nested),
});
