/** Where the clients of a program send their requests: a program all of whose clients go to an emulator writes to nothing else. */

import { endpointOf, isLocalAddress } from "../tools/local-endpoint.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { namedOf, wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { CodeStart } from "./code-start.ts";
import type { Call } from "./findings.ts";
import { wordsOf } from "./value.ts";
import type { Values } from "./value.ts";

/** `S3Client`, `boto3.client`, `AWS.S3`, `Aws::S3::Client.new`, `S3FileSystem`. */
const makers = /(?:Client|Resource|FileSystem)$|^(?:client|resource|create_client|S3|S3Control|DynamoDB|CloudFront|Minio)$/;
const endpointNames = ["endpointurl", "endpoint"];

/** Counts the clients that a program makes, by where they lead. */
export class ClientEndpoints {
  readonly #start: CodeStart;
  #local = 0;
  #others = 0;

  constructor(start: CodeStart) {
    this.#start = start;
  }

  note(call: Call): void {
    const { receiver, args } = call;
    const path = receiver?.kind === "symbol" ? receiver.path : "";
    const name = call.name === "new" ? path.slice(path.lastIndexOf(".") + 1) : call.name;
    // A request is no client, and neither is one that is wrapped around another.
    if (!makers.test(name) || call.isOwn || args.positional.some((values) => values.some(({ kind }) => kind === "thing"))) return;
    const addresses = own(args, name) ?? [endpointOf(this.#start.env, serviceOf(name, path, args)) ?? hole];
    if (addresses.every(isLocalAddress)) this.#local += 1;
    else this.#others += 1;
  }

  /** Whether there is a client, and none leads anywhere but to this machine. */
  get areLocal(): boolean {
    return this.#local > 0 && this.#others === 0;
  }
}

/** The addresses among the arguments; with a hole where some way leaves them out. */
function own(args: Arguments, name: string): readonly Word[] | undefined {
  const entries = namedOf(args).entries;
  const found = endpointNames.map((each) => entries.get(each)).find((each) => each !== undefined);
  if (found === undefined) return name === "Minio" ? wordsAt(args, [], 0) : undefined;
  const isAlways =
    [...args.named.keys()].some((each) => isEndpoint(each)) ||
    args.positional.some((values: Values) => values.every((value) => value.kind === "dict" && [...value.entries.keys()].some(isEndpoint)));
  return isAlways ? wordsOf(found) : [...wordsOf(found), hole];
}

const isEndpoint = (name: string): boolean => endpointNames.includes(name.replaceAll("_", "").toLowerCase());

function serviceOf(name: string, path: string, args: Arguments): string {
  const named = /s3|dynamodb|cloudfront/i.exec(`${path}.${name}`)?.[0];
  return (named ?? wordsAt(args, ["servicename", "service"], 0)?.[0] ?? "").toLowerCase();
}
