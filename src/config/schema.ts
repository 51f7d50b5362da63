/** The shape of belay.yaml: its keys, their types, and a sentence on each. Rules between keys are in `check-*.ts`. */

import * as v from "valibot";

import type { RawConfig, RawGuard, RawHeaderRule, RawLimits, RawNotify, RawSite, RawToken, RawUserConfig } from "./raw-config.ts";
import { recordsSchema } from "./records-schema.ts";
import { fromEnvironment, globs, name, text } from "./schema-words.ts";

// No flags on these: JSON Schema patterns have none.
/** How a feature token is named: `JADA_HERO_FADE`. */
export const tokenNamePattern: RegExp = /^[A-Z][A-Z0-9_]*$/;
const sizePattern = /^[0-9]{1,12}(?:\.[0-9]{1,6})? ?(?:B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;
const oneLinePattern = /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/;
/** Variables that exist for this purpose: others, `SHELL` for example, may hold what would run as a command too. */
const commandPattern = /^env:BELAY_[A-Z0-9_]+$/;
const webhookPattern = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|https?:\/\/[^\s@?#]+)$/;
const cdnPattern = /^cloudfront:[A-Z0-9]+$/;

// Every message below completes the sentence "… must be".
const header = v.pipe(v.string(), v.regex(oneLinePattern, "one line of printable ASCII without spaces at its ends"));

/** Exactly one of `contains` and `absent`; the parser and the JSON Schema add that rule. */
export const tokenKeys: v.GenericSchema<RawToken> = v.strictObject({
  file: v.pipe(text, v.description("The file that the rule is about: a path relative to the site's root."), v.examples(["index.html"])),
  contains: v.exactOptional(v.pipe(text, v.description("Text that the file must contain, exactly as its bytes spell it."))),
  absent: v.exactOptional(v.pipe(text, v.description("Text that the file must not contain: a removed line must not come back."))),
});
const tokenSchema = v.pipe(tokenKeys, v.description("A feature that must not get lost, or a removed one that must stay away (rule D7)."));

const targetSchema = v.pipe(
  v.strictObject({
    store: v.pipe(
      text,
      v.description(
        "Where the files are live: dir:PATH relative to this file's folder, or s3://bucket/prefix. No two targets may share one.",
      ),
      v.examples(["dir:../srv/staging", "s3://example-staging"]),
    ),
    cdn: v.exactOptional(
      v.pipe(
        v.string(),
        v.regex(cdnPattern, "cloudfront:ID, the id of a distribution"),
        v.description("The CDN in front of the store: cloudfront:ID. Its paths are purged with every change, and waited for."),
        v.examples(["cloudfront:E1STAGING"]),
      ),
    ),
    url: v.exactOptional(
      v.pipe(
        text,
        v.description(
          "Where visitors find it: http or https, without credentials, query or fragment. A deploy fetches each changed page there.",
        ),
        v.examples(["https://staging.example.com"]),
      ),
    ),
    after: v.exactOptional(
      v.pipe(
        name,
        v.description("The target whose verified bytes this one takes by `belay promote`, and nothing else (rule D2)."),
        v.examples(["staging"]),
      ),
    ),
    approvals: v.exactOptional(
      v.pipe(
        v.number(),
        v.integer("a whole number"),
        v.minValue(0, "0 or more"),
        v.maxValue(100, "100 or fewer"),
        v.description(
          "How many people must approve a change here, each by an SSH signature under exactly that plan. Agents and CI cannot. Default: 0.",
        ),
      ),
    ),
    keys: v.exactOptional(
      v.pipe(
        v.picklist(["security-key", "any"]),
        v.description(
          "Which keys may approve here. security-key: only sk-… keys, whose touch belay checks. any: also keys that a loaded ssh-agent signs with for whoever asks. Default: security-key.",
        ),
      ),
    ),
    approvers: v.exactOptional(
      v.pipe(
        v.picklist(["anyone", "others"]),
        v.description(
          "Who may approve here. others: not the person who brought the change or starts the plan, by the name that they claim. Default: anyone.",
        ),
      ),
    ),
    unversioned: v.exactOptional(
      v.pipe(
        text,
        v.description("Why this bucket may be production although it keeps no earlier versions. Without a reason, rule D5 refuses."),
        v.examples(["the provider has no versioning; the vault holds what was overwritten"]),
      ),
    ),
    guard: v.exactOptional(
      v.pipe(
        v.boolean(),
        v.description("Whether agents are to be held off writing to this target other than through belay. Default: true. Not used yet."),
      ),
    ),
  }),
  v.description("One place where the site is live."),
);

const one = "one line, as it is sent to visitors";
const headerRuleSchema: v.GenericSchema<RawHeaderRule> = v.pipe(
  v.strictObject({
    match: v.pipe(text, v.description("A glob over paths relative to the site's root."), v.examples(["assets/**"])),
    "cache-control": v.exactOptional(
      v.pipe(header, v.description(`Cache-Control, ${one}.`), v.examples(["public, max-age=31536000, immutable"])),
    ),
    "content-type": v.exactOptional(v.pipe(header, v.description(`Content-Type, ${one}. Default: by the file's extension.`))),
    "content-disposition": v.exactOptional(v.pipe(header, v.description(`Content-Disposition, ${one}.`))),
    "content-language": v.exactOptional(v.pipe(header, v.description(`Content-Language, ${one}.`))),
    "content-encoding": v.exactOptional(v.pipe(header, v.description(`Content-Encoding, ${one}: the files hold encoded bytes already.`))),
    expires: v.exactOptional(v.pipe(header, v.description(`Expires, ${one}: an HTTP date.`))),
  }),
  v.minEntries(2, "a map with `match` and at least one header"),
  v.description("Headers of the files that match. Later rules win, header by header; headers that no rule names keep live's value."),
);

const count = (minimum: 0 | 1): v.GenericSchema<number> =>
  v.pipe(
    v.number(),
    v.integer("a whole number"),
    v.minValue(minimum, `${minimum} or more`),
    v.maxValue(Number.MAX_SAFE_INTEGER, "smaller"),
  );
const sizeMessage = "a whole number of bytes, or a size such as 500MB or 2GiB";
const limitsSchema: v.GenericSchema<RawLimits> = v.pipe(
  v.strictObject({
    deletes: v.exactOptional(v.pipe(count(0), v.description("The most deletes that one plan may hold. Default: 50."))),
    files: v.exactOptional(v.pipe(count(1), v.description("The most changed files that one plan may hold. Default: 20000."))),
    bytes: v.exactOptional(
      v.pipe(
        v.union([count(1), v.pipe(v.string(), v.regex(sizePattern, sizeMessage))], sizeMessage),
        v.description("The most bytes that one plan may send: a number, or a size (MB counts in thousands, MiB in 1024s). Default: 10GiB."),
        v.examples(["500MB"]),
      ),
    ),
    requests: v.exactOptional(
      v.pipe(
        v.number(),
        v.integer("a whole number"),
        v.minValue(1, "1 or more"),
        v.maxValue(256, "256 or fewer"),
        v.description("The most requests to one service at once. Default: 64 to buckets, 16 to folders."),
      ),
    ),
  }),
  v.description("What one plan may do at most; a larger one is refused."),
);

const siteSchema: v.GenericSchema<RawSite> = v.pipe(
  v.strictObject({
    root: v.pipe(
      text,
      v.description("The folder that is published, relative to this file's folder; `.` is that folder itself."),
      v.examples(["public"]),
    ),
    ignore: v.exactOptional(
      v.pipe(
        globs,
        v.description("Globs over paths that are never published and never looked at on live; a folder's name means all below it."),
        v.examples([["**/*.map"]]),
      ),
    ),
    include: v.exactOptional(
      v.pipe(
        globs,
        v.description("Globs over paths that are published although belay would leave them out, dotfiles for example."),
        v.examples([[".well-known/**"]]),
      ),
    ),
    unit: v.exactOptional(
      v.pipe(
        v.picklist(["page", "commit", "any"]),
        v.description(
          "What one logical change is (rule D3): one page with what only it references, one commit, or anything. Default: page.",
        ),
      ),
    ),
    except: v.exactOptional(
      v.pipe(
        v.record(name, globs),
        v.description("By target: globs over paths that differ there by design."),
        v.examples([{ staging: ["robots.txt"] }]),
      ),
    ),
    headers: v.exactOptional(v.pipe(v.array(headerRuleSchema), v.description("Headers as they should be, by glob."))),
    targets: v.pipe(
      v.record(name, targetSchema),
      v.minEntries(1, "a map of at least one target"),
      v.description("Where the site is live, by name. Each deploy names one of them."),
    ),
    tokens: v.exactOptional(
      v.pipe(
        v.record(v.pipe(v.string(), v.regex(tokenNamePattern, "a token's name, in capitals: HERO_FADE")), tokenSchema),
        v.description(
          "Feature tokens by name: checked in the files about to go out and in what is live (rule D7). Only a person retires one.",
        ),
      ),
    ),
    limits: v.exactOptional(limitsSchema),
  }),
  v.description("A folder and the targets that it is published to."),
);

const names = (description: string): v.ExactOptionalSchema<v.GenericSchema<Record<string, string>>, undefined> =>
  v.exactOptional(v.pipe(v.record(text, text), v.description(description)));
const commandMessage = "a command: text that sh runs, or a list of its words";
const guardSchema: v.GenericSchema<RawGuard> = v.pipe(
  v.strictObject({
    aliases: names("Other names of guarded buckets, to the bucket: access point aliases, DNS names."),
    "access-points": names("Names or ARNs of access points, to the bucket."),
    mounts: names("Absolute folders under which a guarded store is mounted, to the bucket or store."),
  }),
  v.description("Other names of the guarded stores, so that an agent's write through one of them is recognised."),
);
const webhookSchema = v.pipe(
  v.string(),
  v.regex(webhookPattern, "env:NAME, or an http(s) address without credentials or query"),
  v.description("Where a JSON document is posted: an address, or env:NAME where the address is a secret."),
);
const slackSchema = v.pipe(fromEnvironment, v.description("env:NAME of the variable that holds a Slack incoming-webhook address."));
const notifySchema: v.GenericSchema<RawNotify> = v.pipe(
  v.strictObject({
    webhook: v.exactOptional(webhookSchema),
    slack: v.exactOptional(slackSchema),
    command: v.exactOptional(
      v.pipe(
        v.string(),
        v.regex(commandPattern, "env:BELAY_…, the name of a variable that exists for this purpose"),
        v.description(
          "env:BELAY_… of the variable that holds a command, run by sh: what runs is the user's choice, never the repository's.",
        ),
        v.examples(["env:BELAY_NOTIFY_COMMAND"]),
      ),
    ),
  }),
  v.description("How people are told that they are needed, beside what the user's own configuration says."),
);

/** The user's own file, `~/.config/belay/config.yaml`. Nothing else may name what runs on their machine. */
export const userSchema: v.GenericSchema<RawUserConfig> = v.strictObject({
  version: v.literal(1, "1, the only version that this belay reads"),
  notify: v.exactOptional(
    v.strictObject({
      webhook: v.exactOptional(webhookSchema),
      slack: v.exactOptional(slackSchema),
      command: v.exactOptional(v.union([text, v.pipe(v.array(text), v.minLength(1, commandMessage))], commandMessage)),
    }),
  ),
});

/** The keys at the top. Exactly one of `site` and `sites`; the parser and the JSON Schema add that rule. */
export const configKeys: v.GenericSchema<RawConfig> = v.strictObject({
  version: v.pipe(v.literal(1, "1, the only version that this belay reads"), v.description("The version of this format: 1.")),
  state: v.exactOptional(
    v.pipe(
      text,
      v.description("Where ledger, vault and leases live: a folder, or s3://bucket/prefix, which every machine shares. Default: .belay."),
      v.examples([".belay", "s3://example-belay-state/site"]),
    ),
  ),
  site: v.exactOptional(siteSchema),
  sites: v.exactOptional(
    v.pipe(
      v.record(name, siteSchema),
      v.minEntries(1, "a map of at least one site"),
      v.description("Several sites by name, in place of `site`; --site NAME picks one."),
    ),
  ),
  limits: v.exactOptional(limitsSchema),
  notify: v.exactOptional(notifySchema),
  signers: v.exactOptional(
    v.pipe(
      text,
      v.description("Path of an allowed_signers file (ssh-keygen's format): the people whose SSH signatures approve plans and policy."),
      v.examples(["allowed_signers"]),
    ),
  ),
  guard: v.exactOptional(guardSchema),
  records: v.exactOptional(recordsSchema),
});

/** The whole of belay.yaml. */
export const configSchema: v.GenericSchema<RawConfig> = v.pipe(
  configKeys,
  v.title("belay.yaml"),
  v.description("What belay publishes, where it is live, and what must hold before anything is overwritten."),
  v.examples([
    {
      version: 1,
      site: {
        root: "public",
        targets: {
          staging: { store: "dir:../srv/staging", url: "https://staging.example.com" },
          production: { store: "dir:../srv/production", url: "https://example.com", after: "staging" },
        },
        tokens: { HERO_FADE: { file: "index.html", contains: "hero-crossfade" } },
      },
    },
  ]),
);
