/** Every verb: what it is called, what it takes, what it does. The parser, `--help` and completion are made from this. */

import { agentsVerbs } from "./catalogue/agents-verbs.ts";
import { backVerbs } from "./catalogue/back-verbs.ts";
import { dailyVerbs } from "./catalogue/daily-verbs.ts";
import { moreVerbs } from "./catalogue/more-verbs.ts";
import { recordsVerbs } from "./catalogue/records-verbs.ts";
import { rulesVerbs } from "./catalogue/rules-verbs.ts";
import { startVerbs } from "./catalogue/start-verbs.ts";
import { groups, type Option, type Verb } from "./catalogue/verb.ts";

export { groups, type Argument, type Option, type Verb } from "./catalogue/verb.ts";

/** Verbs that only gather others. */
export const families: Readonly<Record<string, { readonly summary: string; readonly group: string }>> = {
  warn: { summary: "hand-off warnings that hold until they are settled", group: groups.rules },
  tokens: { summary: "features that must stay, and lines that must not come back", group: groups.rules },
  records: { summary: "one record in many systems: how belay.yaml may describe it", group: groups.records },
  policy: { summary: "what binds production, whatever belay.yaml says since", group: groups.rules },
};

/** In the order of `--help`. */
export const catalogue: readonly Verb[] = [
  ...startVerbs,
  ...dailyVerbs,
  ...backVerbs,
  ...rulesVerbs,
  ...recordsVerbs,
  ...agentsVerbs,
  ...moreVerbs,
];

/** What every verb takes. */
export const globalOptions: readonly Option[] = [
  { flags: "--json", description: "one JSON document on stdout" },
  { flags: "--site <name>", description: "which site, where belay.yaml has several" },
  { flags: "--config <file>", description: "the belay.yaml to use", isFile: true },
  { flags: "--by <name>", description: "who acts; shown as claimed" },
  { flags: "--wait <seconds>", description: "wait so long while somebody else is at work on the target" },
  { flags: "--verbose", description: "full hashes, and what is fine too" },
  { flags: "--no-color", description: "no colour" },
];
