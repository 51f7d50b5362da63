/** What can be read of a description of infrastructure: its files, and a hole for what decides names elsewhere. */

import { hole, type Word } from "../word.ts";
import { isKnown } from "../word.ts";
import { pathOf, type Call } from "./reading-of.ts";

const filesMax = 60;
const textMax = 131_072;
const depthMax = 3;

/** Text of a folder's files whose names match; "" where there is none. A file that cannot be read leaves a hole. */
export function folderText(call: Call, folder: Word, names: RegExp): Word {
  const path = pathOf(call, folder);
  if (!isKnown(path)) return hole;
  const found = call.facts.listFolder(path).filter((name) => names.test(name));
  const parts = found.slice(0, filesMax).map((name) => {
    const file = call.facts.readFile(`${path === "/" ? "" : path}/${name}`);
    return file?.kind === "text" ? file.text : hole;
  });
  const text = parts.join("\n");
  return found.length > filesMax || text.length > textMax ? `${text.slice(0, textMax)}${hole}` : text;
}

const terraformFiles = /\.(?:tf|tofu|tf\.json|tfvars|tfvars\.json|hcl|tfstate)$/u;

/**
 * Terraform's files with its modules and its local state, without comments. A hole where something else decides what is written to:
 * state kept elsewhere, modules from elsewhere, names made of variables.
 */
export function terraformText(call: Call, folder: Word, depth = 0): Word {
  const text = folderText(call, folder, terraformFiles);
  if (text === "") return hole;
  const plain = text.replaceAll(/^[ \t]*(?:#|\/\/).*$/gmu, "");
  const modules = [...plain.matchAll(/^[ \t]*source[ \t]*=[ \t]*"(?<source>[^"]*)"/gmu)].map((one) => one.groups?.["source"] ?? "");
  const local = modules.filter((source) => source.startsWith("."));
  const inner = depth < depthMax ? local.map((source) => terraformText(call, `${folder}/${source}`, depth + 1)) : local.map(() => hole);
  const isDecidedElsewhere =
    /\bbackend\s+"(?!local)|\bcloud\s*\{|\bdata\s+"terraform_remote_state"|\bdata\s+"external"/u.test(plain) ||
    /^[ \t]*"?(?:bucket|bucket_name|identifier|distribution_id|table_name|name)"?[ \t]*[=:][ \t]*(?:[^"\s]|"[^"]*\$\{)/mu.test(
      withoutReferences(plain),
    );
  const foreign = modules.some((source) => source.includes("git::") || source.includes("://"));
  return [plain, ...inner, isDecidedElsewhere || foreign ? hole : ""].join("\n");
}

/** A reference to another resource of the same files adds no name. */
const withoutReferences = (text: string): string => text.replaceAll(/=\s*aws_[a-z0-9_]+\.[\w-]+\.(?:id|bucket|arn|name)\b/gu, '= ""');
