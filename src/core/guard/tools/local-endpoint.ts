/** Emulators on this machine: LocalStack, MinIO, DynamoDB Local, moto. What goes to them changes nothing that is guarded. */

import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";

/** Names that lead to this machine, or to a container beside the command's own. */
const localHost =
  /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[(?:::1|::)\]|host\.docker\.internal|(?:[\w-]+\.)*localhost\.localstack\.cloud|localstack|minio|dynamodb-local)$/iu;

/** Whether an address certainly leads to this machine; its port and path do not matter. */
export function isLocalAddress(address: Word): boolean {
  // What stands before an `@` is a user's name and no host.
  const host = /^(?:https?:\/\/)?(?<host>\[[^\]]*\]|[^/?#:@[\]\\]+)(?::[^/?#:@\\]*)?(?:[/?#]|$)/iu.exec(address)?.groups?.["host"];
  return host !== undefined && localHost.test(host);
}

const isOff = (word: Word | undefined): boolean => word === undefined || /^(?:|0|false|no)$/iu.test(word);

/** The address that the AWS CLI and the SDKs take from the environment for a service; the service's own comes first. */
export function endpointOf(env: ReadonlyMap<string, Word>, service: Word): Word | undefined {
  if (!isOff(env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) return undefined;
  const id = (serviceIds.get(service) ?? service).toUpperCase().replaceAll(/[^A-Z0-9]/gu, "_");
  const own = env.get(`AWS_ENDPOINT_URL_${id}`);
  const all = env.get("AWS_ENDPOINT_URL");
  return own === undefined || own === "" ? all : own;
}

/** Where the CLI's name of a service is not the one that settings go by. */
const serviceIds: ReadonlyMap<string, string> = new Map([
  ["s3api", "s3"],
  ["s3control", "s3_control"],
]);

/** What is left of a reading where the service is an emulator: files on this machine, and commands that run on it. */
export const withoutServices = ({ effects, nested }: Reading): Reading => ({
  effects: effects.filter(({ destination: { kind } }) => kind === "file" || kind === "credentials" || kind === "guard"),
  nested,
});

/** Whether one of the addresses is given, and each of them is local. */
export const areLocal = (addresses: readonly (Word | undefined)[]): boolean => {
  const given = addresses.filter((one): one is Word => one !== undefined && one !== "");
  return given.length > 0 && given.every((one) => isLocalAddress(one) && !one.startsWith(hole));
};
