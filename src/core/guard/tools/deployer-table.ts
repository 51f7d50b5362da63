/** Programs that deploy what files describe: which verbs change something, and which files say where. Data. Sources: their references. */

/** A program that deploys what files describe. */
export interface Deployer {
  readonly verbs: RegExp;
  readonly files: RegExp;
  /** Whether what the files say is all: else a program decides the names. */
  readonly isComplete?: boolean;
  /** Options under which nothing is changed. */
  readonly dry?: RegExp;
  /** Verbs that work on a stage of one's own, unless another one is named. */
  readonly ownStage?: RegExp;
}

/** A task whose name says that it puts something somewhere. */
const task = /(?:^|[ :_.-])(?:deploy|publish|upload|s3|sync|release|cloudfront|invalidate|push|aws)(?:[ :_.-]|$)/iu;

const code = /\.(?:[cm]?[jt]s|py|go|cs|java|ya?ml|json|toml)$/u;

/** By base name. */
export const deployers: ReadonlyMap<string, Deployer> = new Map<string, Deployer>([
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
      ownStage: /^dev$/u,
    },
  ],
  [
    "serverless",
    {
      verbs: /^(?:deploy|remove|rollback|dev|s3sync|client deploy|client remove|syncToS3)(?! list)(?: |$)/u,
      files: code,
      dry: /^(?:--noDeploy|--help)$/u,
      ownStage: /^dev$/u,
    },
  ],
  ["sam", { verbs: /^(?:deploy|delete|sync|pipeline bootstrap)(?: |$)/u, files: code, dry: /^(?:--no-execute-changeset|--help)$/u }],
  ["amplify", { verbs: /^(?:push|publish|delete|pull-- |env remove)(?: |$)/u, files: code }],
  ["ampx", { verbs: /^(?:sandbox|pipeline-deploy)(?: |$)/u, files: code, ownStage: /^sandbox$/u }],
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
  // Sites to S3, by their plugins or their own settings: what those name is all there is.
  ["gatsby-plugin-s3", { verbs: /^deploy(?: |$)/u, files: /^gatsby-config\.[cm]?[jt]s$/u, isComplete: true }],
  ["s3_website", { verbs: /^(?:push|cfg apply)(?: |$)/u, files: /^s3_website\.ya?ml$/u, isComplete: true, dry: /^--(?:dry-run|help)$/u }],
  [
    "jekyll",
    {
      verbs: /^(?:s3_website push|s3[_-]deploy|deploy)(?: |$)/u,
      files: /^(?:s3_website|_config|_jekyll_s3)\.(?:ya?ml|toml)$/u,
      isComplete: true,
    },
  ],
  [
    "middleman",
    {
      verbs: /^(?:s3_sync|deploy|cdn|invalidate)(?: |$)/u,
      files: /^(?:config\.rb|\.s3_sync)$/u,
      isComplete: true,
      dry: /^(?:-n|--dry-run)$/u,
    },
  ],
  ["hexo", { verbs: /^(?:deploy|d)(?: |$)/u, files: /^_config(?:\.[\w-]+)?\.ya?ml$/u, isComplete: true }],
  [
    "grunt",
    {
      verbs: task,
      files: /^(?:gruntfile\.(?:[cm]?[jt]s|coffee)|aws\.json|aws-keys\.json)$/iu,
      isComplete: true,
      dry: /^--(?:dry-?run|help|version)$/u,
    },
  ],
  [
    "gulp",
    {
      verbs: task,
      files: /^(?:gulpfile(?:\.babel)?\.[cm]?[jt]s|aws\.json|aws-credentials\.json)$/iu,
      isComplete: true,
      dry: /^--(?:tasks|dry-?run|help|version)$/u,
    },
  ],
  ["nanoc", { verbs: /^deploy(?: |$)/u, files: /^nanoc\.ya?ml$/u, isComplete: true, dry: /^(?:-n|--dry-run)$/u }],
  ["pelican", { verbs: task, files: /^(?:publishconf|pelicanconf)\.py$/u, isComplete: true }],
  ["ember", { verbs: /^deploy(?: |$)/u, files: /^(?:config|deploy)\.[cm]?[jt]s$/u, isComplete: true }],
  ["ng", { verbs: /^deploy(?: |$)/u, files: /^angular\.json$/u, isComplete: true, dry: /^--dry-run$/u }],
]);

/** Other names of the same programs. */
export const sameAs: ReadonlyMap<string, string> = new Map([
  ["sls", "serverless"],
  ["architect", "arc"],
]);
