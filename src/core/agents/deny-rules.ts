/**
 * Commands that agents refuse by themselves, even where no hook runs. Only those whose first words say all: a rule that looks at the
 * beginning of a command cannot tell `aws s3 cp` to a bucket from one out of it, so copies are the hook's to judge.
 */

import type { GuardScope } from "../guard/scope.ts";

/** Words in a row; a list stands for alternatives. */
export type CommandPrefix = readonly (string | readonly string[])[];

/** A person's, whatever the project. */
const personsCommands: readonly CommandPrefix[] = [
  ["belay", ["approve", "uninstall"]],
  ["belay", "policy", "approve"],
  ["belay", "tokens", "retire"],
  ["belay", "warn", "resolve"],
];

const bucketVerbs = ["delete-bucket", "delete-bucket-policy", "delete-objects", "put-bucket-policy", "put-bucket-versioning"] as const;
/** The rest of a long list is the hook's: a settings file that nobody can read helps nobody. */
const bucketsMax = 12;

/** By the guarded buckets of belay.yaml, each under its own name. */
function bucketCommands(scope: GuardScope | undefined): readonly CommandPrefix[] {
  const names = [...new Set((scope?.buckets ?? []).map(({ name }) => name))].filter((name) => /^[a-z0-9][a-z0-9.-]{1,62}$/u.test(name));
  return names
    .toSorted()
    .slice(0, bucketsMax)
    .flatMap((name) => [
      ["aws", "s3", "rb", [`s3://${name}`, `s3://${name}/`]],
      ["aws", "s3api", verbsFor(scope, name), "--bucket", name],
    ]);
}

/** Where only a part of a bucket is guarded, deleting objects may be about the other part. */
const verbsFor = (scope: GuardScope | undefined, name: string): readonly string[] => {
  const isWhole = (scope?.buckets ?? []).some((bucket) => bucket.name === name && bucket.prefix === "" && bucket.except.length === 0);
  return bucketVerbs.filter((verb) => isWhole || verb !== "delete-objects");
};

export const deniedCommands = (scope: GuardScope | undefined): readonly CommandPrefix[] => [...personsCommands, ...bucketCommands(scope)];

/** Every command line that the words stand for. */
export const spelledOut = (prefix: CommandPrefix): readonly string[] =>
  prefix.reduce<readonly string[]>(
    (lines, word) =>
      lines.flatMap((line) => (typeof word === "string" ? [word] : word).map((one) => (line === "" ? one : `${line} ${one}`))),
    [""],
  );

export const reasonFor = (prefix: CommandPrefix): string =>
  prefix[0] === "belay"
    ? "This takes a person: ask whoever you work for."
    : "belay guards this bucket: belay deploy TARGET is the way there.";
