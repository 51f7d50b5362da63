/** Verbs for whoever begins. */

import { groups, type Verb } from "./verb.ts";

export const startVerbs: readonly Verb[] = [
  {
    name: "init",
    summary: "write a belay.yaml, and record what is live",
    group: groups.start,
    arguments: [],
    options: [
      { flags: "--from <uri>", description: "where the site is live now: s3://BUCKET/PREFIX or dir:PATH" },
      { flags: "--root <folder>", description: "the folder that is published", isFile: true },
      { flags: "--target <name=store>", description: "a target and where it is: staging=s3://example-staging", isList: true },
      { flags: "--cdn <name=id>", description: "the CloudFront distribution in front of a target", isList: true },
      { flags: "--url <name=url>", description: "where visitors find a target", isList: true },
      { flags: "--after <name=stage>", description: "a target that takes only what was verified on a stage", isList: true },
      {
        flags: "--state <place>",
        description: "where the record is kept: s3://BUCKET/PREFIX or a folder; .belay unless told",
        isFile: true,
      },
      { flags: "-y, --yes", description: "ask nothing" },
    ],
    load: () => import("../verbs/init.ts").then((verb) => verb.runInit),
  },
  {
    name: "demo",
    summary: "see two incidents replayed, and prevented, in a folder of its own",
    group: groups.start,
    arguments: [
      { name: "FOLDER", kind: "file", isRequired: false, isList: false, description: "your own pages; nothing is written there" },
    ],
    options: [
      {
        flags: "--only <incident>",
        description: "one alone: site (a stale file), agents (the guard), records (one booking in five places)",
      },
      { flags: "--keep", description: "leave the demo's folder in place" },
      { flags: "--pace <ms>", description: "how long to rest between paragraphs" },
    ],
    load: () => import("../verbs/demo.ts").then((verb) => verb.runDemoVerb),
  },
  {
    name: "sandbox",
    summary: "a pretend S3 and CloudFront on this machine, to rehearse with",
    group: groups.start,
    arguments: [],
    options: [
      { flags: "--port <n>", description: "where it listens, the edges on the ports behind it; 9070 unless told, 0 for any" },
      { flags: "--folder <folder>", description: "keep the buckets there; in memory unless told", isFile: true },
      { flags: "--bucket <name>", description: "a bucket, in place of belay.yaml's; NAME:unversioned keeps no versions", isList: true },
      {
        flags: "--distribution <id=bucket>",
        description: "a distribution with an edge of its own: ESTAGING=example-staging",
        isList: true,
      },
      { flags: "--settle <ms>", description: "how long an invalidation takes; 1500 unless told" },
      { flags: "--fault <spec>", description: "what goes wrong: 503:0.1, 409:PutObject:3x, delay:300ms, lose-reply:0.2", isList: true },
      { flags: "--quiet", description: "tell nothing of requests" },
    ],
    load: () => import("../verbs/sandbox.ts").then((verb) => verb.runSandbox),
  },
];
