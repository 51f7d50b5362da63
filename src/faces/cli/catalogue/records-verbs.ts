/** One record in many systems. */

import { confirming, groups, htmlReport, paths, type Argument, type Option, type Verb, why, word } from "./verb.ts";

const kind: Argument = word("KIND", "the type of record, as belay.yaml names it: booking");
const record: Argument = word("ID", "the record: its name, one of its keys, or the address of one of its pages");

const fieldWords: Argument = {
  name: "FIELD",
  kind: "word",
  isRequired: false,
  isList: true,
  description: "what is known of it, any field of the kind: --guest NAME --code CODE",
};
const known: readonly Option[] = [
  { flags: "--date <day>", description: "the day that it begins" },
  {
    flags: "--where <field=value>",
    description: "what is known of it, for fields that have the name of an option; may be given several times",
    isList: true,
  },
];

export const recordsVerbs: readonly Verb[] = [
  {
    name: "audit",
    summary: "what every system says of a record, side by side",
    group: groups.records,
    arguments: [kind, { ...record, isRequired: false, description: `${record.description}; all of them where none is named` }],
    options: [
      { flags: "--all", description: "list those that agree, too" },
      { flags: "--edge", description: "fetch what visitors get of every page; of one record that is always done" },
      { flags: "--check", description: "exit 3 where any record does not agree" },
      {
        flags: "--accept-empty <system>",
        description: "believe that a system holds nothing now, though it did at the last look; may be given several times",
        isList: true,
      },
      {
        flags: "--logs <place>",
        description: "CloudFront or S3 access logs that tell who used duplicates: a file, a folder, s3://BUCKET/PREFIX",
        isList: true,
        isFile: true,
      },
      htmlReport,
    ],
    load: () => import("../verbs/audit.ts").then((verb) => verb.runAudit),
  },
  {
    name: "reconcile",
    summary: "decide what holds of a record, and correct every system",
    group: groups.records,
    arguments: [kind, record],
    options: [
      { flags: "--set <field=value>", description: "what holds: start=15:30; may be given several times", isList: true },
      why,
      { flags: "--keep <page>", description: "of duplicate pages, the one that stays" },
      { flags: "--delete", description: "delete the other duplicates; a redirect takes their place unless told" },
      { flags: "--leave <text>", description: "leave a mention of an old value as it is; may be given several times", isList: true },
      { flags: "--plan", description: "make the plan, show it and keep it; correct nothing" },
      htmlReport,
      ...confirming,
    ],
    load: () => import("../verbs/reconcile.ts").then((verb) => verb.runReconcile),
  },
  {
    name: "find",
    summary: "whether a record exists already, and which page to edit",
    group: groups.records,
    arguments: [kind, fieldWords],
    options: known,
    takesFields: true,
    load: () => import("../verbs/find.ts").then((verb) => verb.runFind),
  },
  {
    name: "claim",
    summary: "say that you make a record's page, so that nobody else makes another one",
    group: groups.records,
    arguments: [kind, fieldWords],
    options: [
      ...known,
      { flags: "--for <time>", description: "how long it holds: 30m, 2h, 1d; two hours unless told" },
      { flags: "--note <text>", description: "what others should know meanwhile" },
      {
        flags: "--not <record>",
        description: "it is another one than this, which looks like it; may be given several times",
        isList: true,
      },
      { flags: "--release <record>", description: "give a claim back" },
    ],
    takesFields: true,
    load: () => import("../verbs/claim.ts").then((verb) => verb.runClaim),
  },
  {
    name: "watch",
    summary: "look again and again, and carry decided changes to every system",
    group: groups.records,
    arguments: [kind],
    options: [
      { flags: "--every <time>", description: "time between two looks: 30s, 5m, 1h; as belay.yaml has it unless told" },
      { flags: "--once", description: "one look" },
      { flags: "--stop <why>", description: "stop every watcher of the kind, on every machine" },
      { flags: "--start", description: "a person lets them go on" },
    ],
    load: () => import("../verbs/watch.ts").then((verb) => verb.runWatch),
  },
  {
    name: "tasks",
    summary: "what only people can change: what, from what to what, where, by when",
    group: groups.records,
    arguments: [],
    options: [{ flags: "--all", description: "what is done, too" }],
    load: () => import("../verbs/tasks.ts").then((verb) => verb.runTasks),
  },
  {
    name: "tasks done",
    summary: "say that a task is done which nobody else can see",
    group: groups.records,
    arguments: [word("TASK", "its id, or the first digits")],
    options: [
      { flags: "--evidence <text>", description: "how you know: what you changed, saw or were told" },
      { flags: "--recheck <time>", description: "when somebody looks again: 12h, 7d, 30d; 30 days unless told" },
    ],
    load: () => import("../verbs/tasks.ts").then((verb) => verb.runTasksDone),
  },
  {
    name: "records learn",
    summary: "propose `records:` for belay.yaml from example pages and table items",
    group: groups.records,
    arguments: [{ ...paths, name: "PAGE", description: "pages of the site, or folders of them, that show a record each" }],
    options: [
      { flags: "--item <file>", description: "a table's item as JSON; may be given several times", isList: true, isFile: true },
      { flags: "--from <target>", description: "read the pages where they are live, in place of the site's folder" },
      {
        flags: "--system <name=store>",
        description: "a system that holds them: record=dynamodb:TABLE; may be given several times",
        isList: true,
      },
      { flags: "--kind <name>", description: "what such a record is called, in place of a guess" },
      { flags: "--zone <zone>", description: "their time zone, in place of a guess: America/Los_Angeles" },
    ],
    load: () => import("../verbs/records-learn.ts").then((verb) => verb.runRecordsLearn),
  },
];
