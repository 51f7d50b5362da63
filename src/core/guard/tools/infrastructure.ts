/** Infrastructure as code and deploy tools: verbs that change, and what their files name. Sources: their command references. */

import type { EffectVerb } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { parseArguments, valueOf, valuesOf, words, type ArgumentStyle } from "./arguments.ts";
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
  /^(?:apply|destroy|import|taint|untaint|refresh|state (?:rm|mv|push|replace-provider)|workspace delete|run-all (?:apply|destroy|import)|run (?:.* )?(?:apply|destroy|import)|stack (?:run )?(?:apply|destroy))(?: |$)/u;

function readTerraform(call: Call): Reading {
  const given = parseArguments(call.args, goStyle);
  const line = given.operands.join(" ").replaceAll("-- ", "");
  if (given.options.has("--help")) return reading();
  if (!terraformVerbs.test(line) && !given.operands[0]?.includes(hole)) return reading();
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

interface Deployer {
  readonly verbs: RegExp;
  readonly files: RegExp;
  /** Whether what the files say is all: else a program decides the names. */
  readonly isComplete?: boolean;
  /** Options under which nothing is changed. */
  readonly dry?: RegExp;
}

const code = /\.(?:[cm]?[jt]s|py|go|cs|java|ya?ml|json|toml)$/u;

const deployers: ReadonlyMap<string, Deployer> = new Map<string, Deployer>([
  [
    "pulumi",
    {
      verbs:
        /^(?:up|update|destroy|refresh|import|watch|cancel|state (?:delete|move|unprotect|rename|edit|repair|upgrade)|stack (?:rm|import|rename)|env (?:set|edit|rm)|do|config refresh)(?: |$)/u,
      files: code,
      dry: /^(?:--preview-only|--help)$/u,
    },
  ],
  [
    "cdk",
    {
      verbs: /^(?:deploy|destroy|bootstrap|import|watch|rollback|migrate|gc|refactor)(?: |$)/u,
      files: code,
      dry: /^(?:--no-execute|--dry-run|--method=prepare-change-set|--help)$/u,
    },
  ],
  ["cdktf", { verbs: /^(?:deploy|apply|destroy|watch)(?: |$)/u, files: code }],
  [
    "sst",
    {
      verbs: /^(?:deploy|dev|remove|refresh|unlock|secret set|secret remove|state (?:edit|remove|repair)|start|shell --)(?: |$)/u,
      files: code,
    },
  ],
  [
    "serverless",
    {
      verbs: /^(?:deploy|remove|rollback|dev|s3sync|client deploy|client remove|syncToS3)(?! list)(?: |$)/u,
      files: code,
      dry: /^(?:--noDeploy|--help)$/u,
    },
  ],
  ["sam", { verbs: /^(?:deploy|delete|sync|pipeline bootstrap)(?: |$)/u, files: code, dry: /^(?:--no-execute-changeset|--help)$/u }],
  ["amplify", { verbs: /^(?:push|publish|delete|pull-- |env remove)(?: |$)/u, files: code }],
  ["ampx", { verbs: /^(?:sandbox|pipeline-deploy)(?: |$)/u, files: code }],
  ["copilot", { verbs: /^(?:deploy|(?:svc|job|env|app|pipeline) (?:deploy|delete)|app delete)(?: |$)/u, files: code, isComplete: true }],
  ["eb", { verbs: /^(?:deploy|create|terminate|swap|restore|setenv|upgrade)(?: |$)/u, files: code, isComplete: true }],
  ["chalice", { verbs: /^(?:deploy|delete)(?: |$)/u, files: code, isComplete: true }],
  ["zappa", { verbs: /^(?:deploy|update|undeploy|rollback)(?: |$)/u, files: code, isComplete: true }],
  ["apex", { verbs: /^(?:deploy|delete|rollback|infra)(?: |$)/u, files: code, isComplete: true }],
  ["up", { verbs: /^(?:deploy|stack)(?: |$)/u, files: /^up\.json$/u, isComplete: true }],
  ["arc", { verbs: /^(?:deploy|destroy)(?: |$)/u, files: /^(?:app\.arc|\.arc|arc\.json)$/u, dry: /^--dry-run$/u }],
  [
    "ansible-playbook",
    {
      verbs: /./u,
      files: /\.ya?ml$/u,
      isComplete: true,
      dry: /^(?:--check|-C|--syntax-check|--list-tasks|--list-hosts|--list-tags|--help|--version)$/u,
    },
  ],
  ["eksctl", { verbs: /^(?!)/u, files: code }],
]);

const sameAs: ReadonlyMap<string, string> = new Map([
  ["sls", "serverless"],
  ["architect", "arc"],
]);

function readDeployer(call: Call): Reading {
  const name = sameAs.get(call.program) ?? call.program;
  const deployer = deployers.get(name);
  if (deployer === undefined) return reading();
  const given = parseArguments(call.args, style);
  const line = given.operands.join(" ");
  if (call.args.some((word) => deployer.dry?.test(word) === true || word === "--help" || word === "-h")) return reading();
  const isUnknown = given.operands[0]?.includes(hole) === true;
  if (!deployer.verbs.test(line) && !isUnknown) return reading();
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
