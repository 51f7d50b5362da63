/** Infrastructure as code and deploy tools: verbs that change, and what their files name. Sources: their command references. */

import type { EffectVerb } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { deployers, sameAs, type Deployer } from "./deployer-table.ts";
import { parseArguments, valueOf, valuesOf, words, type Arguments, type ArgumentStyle } from "./arguments.ts";
import { endpointOf, isLocalAddress } from "./local-endpoint.ts";
import { bucketPlace, effectOf, mention, reading, s3Place, textOf, type Call, type ToolReader } from "./reading-of.ts";
import { folderText, terraformText } from "./stack-text.ts";

const goValued: ReadonlySet<string> = words(
  "--chdir --var-- --target-- --working-dir --terragrunt-working-dir --stack -s -C --cwd --stage --region --profile --config -c --app -a --context --app-name --env --name --template-file --template -t --stack-name --config-file --config-env --param-- --aws-profile --output -o --outputs-file --environment -e -f --function --service",
);
const goStyle: ArgumentStyle = { valued: goValued, single: "go" };
const style: ArgumentStyle = { valued: goValued };

function change(call: Call, { tool, verb, about }: { readonly tool: string; readonly verb: EffectVerb; readonly about: Word }): Reading {
  return reading(effectOf(call, { tool, verb, destination: mention(about) }));
}

/** State commands take resources out of sight or give them new owners; `plan` with `-out` changes nothing. */
const terraformVerbs =
  /^(?:apply|apply-all|destroy|destroy-all|import|taint|untaint|refresh|force-unlock|state (?:rm|mv|push|replace-provider)|workspace delete|run-all (?:apply|destroy|import)|run (?:.* )?(?:apply|destroy|import)|stack (?:run )?(?:apply|destroy))(?: |$)/u;

const changesStack = (line: string, { operands: [verb = ""] }: Arguments): boolean => terraformVerbs.test(line) || verb.includes(hole);

/** Whether every service that holds something guarded is an emulator here. */
const isEmulated = ({ invocation }: Call): boolean =>
  ["s3", "cloudfront", "dynamodb"].every((service) => isLocalAddress(endpointOf(invocation.env, service) ?? ""));

function readTerraform(call: Call): Reading {
  const given = parseArguments(call.args, goStyle);
  const line = given.operands.join(" ").replaceAll("-- ", "");
  if (given.options.has("--help") || isEmulated(call) || !changesStack(line, given)) return reading();
  const folder = valueOf(given, "--chdir", "--working-dir", "--terragrunt-working-dir") ?? ".";
  const files = valuesOf(given, "--var-file").map((path) => textOf(call, path));
  const isTerragrunt = call.program === "terragrunt";
  // A saved plan carries out what was planned, wherever that came from.
  const isSaved = given.operands[0] === "apply" && given.operands.length > 1;
  const about = [terraformText(call, folder), ...files, ...call.args, isTerragrunt || isSaved ? hole : ""].join("\n");
  const isTaking = /destroy|state rm|delete/u.test(line);
  return change(call, {
    tool: `${call.program} ${
      isKnown(line)
        ? line
            .split(" ")
            .slice(0, line.startsWith("state") || line.startsWith("run") ? 2 : 1)
            .join(" ")
        : "…"
    }`,
    verb: isTaking ? "delete" : "write",
    about,
  });
}

/** A preview, or work on a stage of one's own. */
function isHarmless(call: Call, { dry, ownStage }: Deployer, given: Arguments): boolean {
  if (call.args.some((word) => dry?.test(word) === true || word === "--help" || word === "-h")) return true;
  return ownStage?.test(given.operands[0] ?? "") === true && isOwnStage(call, given);
}

function readDeployer(call: Call): Reading {
  const name = sameAs.get(call.program) ?? call.program;
  const deployer = deployers.get(name);
  if (deployer === undefined) return reading();
  const given = parseArguments(call.args, style);
  const line = given.operands.join(" ");
  const isUnknown = given.operands[0]?.includes(hole) === true;
  if (isHarmless(call, deployer, given) || (!deployer.verbs.test(line) && !isUnknown)) return reading();
  const about = [deployerText(call, deployer, given.operands), ...call.args, deployer.isComplete === true && !isUnknown ? "" : hole].join(
    "\n",
  );
  const isTaking = /^(?:destroy|remove|delete|terminate|undeploy|stack rm)/u.test(line);
  return change(call, {
    tool: `${name} ${name === "ansible-playbook" ? "" : (given.operands[0] ?? "").replaceAll(hole, "…")}`.trim(),
    verb: isTaking ? "delete" : "write",
    about,
  });
}

/** A stage that is not named is the developer's own, by the user's name; one that is called like production is not. */
function isOwnStage(call: Call, given: Arguments): boolean {
  const stage = valueOf(given, "--stage", "-s", "--identifier") ?? call.invocation.env.get("SST_STAGE") ?? "";
  return isKnown(stage) && !/prod|live|^main$|^master$|release/iu.test(stage);
}

const codeFolders = [".", "lib", "bin", "src", "infra", "stacks", "cdk", "copilot", ".ebextensions", ".chalice", "config"];

function deployerText(call: Call, { files }: Deployer, operands: readonly Word[]): Word {
  const read = codeFolders.map((folder) => folderText(call, folder, files)).join("\n");
  const named = operands.filter((word) => /\.(?:ya?ml|json)$/u.test(word)).map((path) => textOf(call, path));
  return [read, ...named].join("\n");
}

const hugoFiles = /^(?:hugo|config)\.(?:toml|ya?ml|json)$/u;

/** `hugo deploy --target NAME`: targets stand in its configuration. */
function readHugo(call: Call): Reading {
  const given = parseArguments(call.args, {
    valued: words(
      "--target -s --source --config -e --environment --configDir --maxDeletes --workers -d --destination -t --theme --logLevel -D--",
    ),
  });
  const destination = valueOf(given, "-d", "--destination");
  const built =
    destination === undefined
      ? []
      : [effectOf(call, { tool: "hugo", verb: "write", destination: { kind: "file", path: `${pathIn(call, destination)}/${hole}` } })];
  if (given.operands[0] !== "deploy") return reading(...built);
  if (call.args.some((word) => /^--dryrun(?:=true)?$/iu.test(word) || word === "--help")) return reading();
  const source = valueOf(given, "-s", "--source") ?? ".";
  const named = valuesOf(given, "--config")
    .flatMap((list) => list.split(","))
    .map((path) => textOf(call, path));
  const folders = [".", "config", "config/_default", `config/${valueOf(given, "-e", "--environment") ?? "production"}`];
  const text = [
    ...folders.map((folder) =>
      folderText(call, `${source}/${folder}`, folder.startsWith("config/") ? /\.(?:toml|ya?ml|json)$/u : hugoFiles),
    ),
    ...named,
  ].join("\n");
  const urls = deploymentUrls(text, valueOf(given, "--target"));
  if (urls.length === 0) return change(call, { tool: "hugo deploy", verb: "write", about: `${text}${hole}` });
  return reading(
    ...urls.map((url) =>
      effectOf(call, {
        tool: "hugo deploy",
        verb: "write",
        destination: s3Place(url.split("?")[0] ?? "") ?? (isKnown(url) ? { kind: "url", url } : bucketPlace(hole)),
      }),
    ),
  );
}

const pathIn = (call: Call, path: Word): Word => (path.startsWith("/") ? path : `${call.invocation.cwd}/${path}`);

/** The URL of the target that is named, else of all. */
function deploymentUrls(text: Word, target: Word | undefined): Word[] {
  const sections = text.split(/^[ \t]*(?:\[\[deployment\.targets\]\]|- (?=name|url|URL))/mu).slice(1);
  const chosen =
    target === undefined || !isKnown(target)
      ? sections
      : sections.filter((section) => new RegExp(`name["']?\\s*[:=]\\s*["']?${escaped(target)}["']?\\s*$`, "mu").test(section));
  return (chosen.length === 0 ? [text] : chosen).flatMap((section) =>
    [...section.matchAll(/\burl["']?\s*[:=]\s*["']?(?<url>[a-z][a-z0-9]*:\/\/[^\s"',}]+)/giu)].map((one) => one.groups?.["url"] ?? ""),
  );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** bep/s3deploy: bucket and distributions in options, the environment or `.s3deploy.yml`. */
function readS3deploy(call: Call): Reading {
  const given = parseArguments(call.args, {
    single: "go",
    valued: words(
      "--bucket --source --region --distribution-id --path --config --key --secret --endpoint-url --max-delete --ignore --workers --public-access-- --acl --strip-index-html-- --fallback-region",
    ),
  });
  if (call.args.some((word) => /^--?(?:try|h|help|V)(?:=true)?$/u.test(word))) return reading();
  const config = textOf(call, valueOf(given, "--config") ?? ".s3deploy.yml");
  const bucket =
    valueOf(given, "--bucket") ??
    call.invocation.env.get("S3DEPLOY_BUCKET") ??
    /^[ \t]*bucket:[ \t]*["']?(?<bucket>[^"'\s#]+)/mu.exec(config)?.groups?.["bucket"] ??
    hole;
  const path = valueOf(given, "--path");
  const ids = valuesOf(given, "--distribution-id").flatMap((list) => list.split(","));
  return reading(
    effectOf(call, { tool: "s3deploy", verb: "write", destination: bucketPlace(bucket, path) }),
    ...ids.map((id) => effectOf(call, { tool: "s3deploy", verb: "purge", destination: { kind: "distribution", id } })),
  );
}

/** By base name. */
export const infrastructureReaders: readonly (readonly [string, ToolReader])[] = [
  ["terraform", readTerraform],
  ["tofu", readTerraform],
  ["terragrunt", readTerraform],
  ...[...deployers.keys(), ...sameAs.keys()].map((name) => [name, readDeployer] as const),
  ["hugo", readHugo],
  ["s3deploy", readS3deploy],
];
