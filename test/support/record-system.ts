import type { RecordSystem } from "../../src/core/records/kind.ts";

/** A system of a kind of records as belay.yaml gives it where it says no more than these. */
export const recordSystem = (name: string, more: Partial<RecordSystem> & Pick<RecordSystem, "medium" | "store">): RecordSystem => ({
  name,
  match: [],
  templates: [],
  paths: [],
  fields: {},
  key: [],
  isReadOnly: false,
  lagMs: 0,
  isNotifying: false,
  secrets: {},
  settings: {},
  ...more,
});
