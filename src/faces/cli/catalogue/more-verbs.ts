/** What else there is. */

import { groups, someTarget, type Verb, word } from "./verb.ts";

export const moreVerbs: readonly Verb[] = [
  {
    name: "notify",
    summary: "test how people are told that they are needed",
    group: groups.more,
    arguments: [],
    options: [],
    load: () => import("../verbs/notify.ts").then((verb) => verb.runNotify),
  },
  {
    name: "doctor",
    summary: "what is unsafe about this set-up, and what to do about it",
    group: groups.more,
    arguments: [someTarget],
    options: [
      { flags: "--probe", description: "write a canary to each bucket, to find out which conditions it honours" },
      { flags: "--attack", description: "try the hooks of the coding agents that are installed here; nothing is carried out" },
      { flags: "--agent <name>", description: "with --attack: only this agent; may be given several times", isList: true },
      { flags: "--family <name>", description: "with --attack: only attacks of this kind; may be given several times", isList: true },
    ],
    load: () => import("../verbs/doctor.ts").then((verb) => verb.runDoctor),
  },
  {
    name: "harden",
    summary: "the walls on the side of AWS: what they would be, or up with them",
    group: groups.more,
    arguments: [someTarget],
    options: [
      { flags: "--state", description: "the bucket of the record, in place of a target's" },
      { flags: "--person <arn>", description: "who may change the walls again; may be given several times", isList: true },
      { flags: "--publisher <arn>", description: "who may write to production", isList: true },
      { flags: "--agent <arn>", description: "who may write to the other targets", isList: true },
      { flags: "--logs <place>", description: "where access logs go: s3://BUCKET/PREFIX" },
      { flags: "--repository <owner/repo>", description: "whose jobs at GitHub publish" },
      { flags: "--terraform", description: "as Terraform, to stdout or into --out" },
      { flags: "--out <folder>", description: "write the documents there; what differs is never overwritten", isFile: true },
      { flags: "--apply", description: "write the settings, once a person has looked at them" },
      { flags: "--confirm <plan-id>", description: "go ahead if the plan is still this one" },
    ],
    load: () => import("../verbs/harden.ts").then((verb) => verb.runHarden),
  },
  {
    name: "completion",
    summary: "a script that completes verbs, targets and paths in a shell",
    group: groups.more,
    arguments: [{ ...word("SHELL", "bash, zsh or fish"), isRequired: true }],
    options: [],
    load: () => import("../verbs/completion.ts").then((verb) => verb.runCompletion),
  },
];
