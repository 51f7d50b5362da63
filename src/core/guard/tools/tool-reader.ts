/** Programs that write somewhere, by name. */

import type { Invocation } from "../invocation.ts";
import type { Reader, ReaderFacts, Reading } from "../reading.ts";
import { ansibleReaders } from "./ansible.ts";
import { archiveReaders } from "./archive-tools.ts";
import { baseName } from "./arguments.ts";
import { belayReaders } from "./belay-commands.ts";
import { readAws } from "./aws/aws-reader.ts";
import { containerReaders } from "./container-mounts.ts";
import { delegateReaders } from "./delegates.ts";
import { fileReaders } from "./file-tools.ts";
import { readGit } from "./git-tool.ts";
import { guardReaders, readGuardEnvironment } from "./guard-itself.ts";
import { httpReaders } from "./http-clients.ts";
import { infrastructureReaders } from "./infrastructure.ts";
import { mountReaders } from "./mounts.ts";
import { readOutputs } from "./output-tools.ts";
import { rawRequestReaders } from "./raw-requests.ts";
import { readRclone } from "./rclone.ts";
import { requestReaders } from "./request-tools.ts";
import type { Call, ToolReader } from "./reading-of.ts";
import { s3ClientReaders } from "./s3-clients.ts";

const aws = ["aws", "aws2", "awsv2", "aws-cli", "awscli", "awslocal"].map((name) => [name, readAws] as const);

const readers: ReadonlyMap<string, ToolReader> = new Map<string, ToolReader>([
  ...aws,
  ["rclone", readRclone],
  ...s3ClientReaders,
  ...mountReaders,
  ...infrastructureReaders,
  ...httpReaders,
  ...requestReaders,
  ...rawRequestReaders,
  ...ansibleReaders,
  ...fileReaders,
  ...archiveReaders,
  ...delegateReaders,
  ...containerReaders,
  ...guardReaders,
  ...belayReaders,
  ["git", readGit],
]);

/** What programs do to places. `undefined`: not a program of which anything is known here. */
export const toolReader: Reader = (invocation: Invocation, facts: ReaderFacts): Reading | undefined => {
  const program = baseName(invocation.argv[0] ?? "").toLowerCase();
  const call: Call = { invocation, facts, args: invocation.argv.slice(1), program };
  const outputs = readOutputs(call);
  const read = readers.get(program);
  if (read === undefined) return outputs;
  const found = readGuardEnvironment(call) ?? read(call);
  if (outputs === undefined || found === undefined) return found ?? outputs;
  return { effects: [...found.effects, ...outputs.effects], nested: found.nested };
};
