// The arrow of ARCHITECTURE.md, checked on every run.
const only = (from, allowed) => ({
  name: `${from}-sees-only-${["itself", ...allowed].join("-and-")}`,
  severity: "error",
  from: { path: `^src/${from}/` },
  to: { pathNot: [`^src/(${[from, ...allowed].join("|")})/`], path: "^src/" },
});
// Tests may use the test runner and Node; what ships may not.
const shipped = (folder) => ({ path: `^src/${folder}/`, pathNot: "\\.test\\.ts$" });
const withoutNode = (folder) => ({
  name: `${folder}-does-no-io`,
  severity: "error",
  from: shipped(folder),
  to: { dependencyTypes: ["core"] },
});
// By path, so that a package which stands in no list of package.json is seen too; what cannot be resolved could be anything.
const withoutPackages = (folder) => [
  { name: `${folder}-needs-no-package`, severity: "error", from: shipped(folder), to: { path: "node_modules/" } },
  { name: `${folder}-resolves`, severity: "error", from: shipped(folder), to: { couldNotResolve: true } },
];
module.exports = {
  forbidden: [
    only("core", []),
    only("codecs", ["core"]),
    only("ports", ["core"]),
    only("operations", ["core", "ports", "codecs"]),
    only("adapters", ["core", "ports"]),
    only("config", ["core"]),
    only("faces", ["core", "operations", "config"]),
    ...["core", "ports", "codecs", "operations"].map(withoutNode),
    ...["core", "ports", "operations"].flatMap(withoutPackages),
    // A server that shared code with its client would share its mistakes.
    { name: "sandbox-is-a-stranger", severity: "error", from: { path: "^sandbox/" }, to: { path: "^src/" } },
    {
      name: "only-main-starts-the-sandbox",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(main\\.ts$|faces/)" },
      to: { path: "^sandbox/" },
    },
    {
      name: "faces-see-only-the-sandbox-types",
      severity: "error",
      from: { path: "^src/faces/" },
      to: { path: "^sandbox/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "adapters-are-strangers",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/" },
      to: { path: "^src/adapters/([^/]+)/", pathNot: "^src/adapters/($1|shared)/" },
    },
    { name: "adapters-live-in-folders", severity: "error", from: { path: "^src/adapters/[^/]+$" }, to: { path: "^src/adapters/" } },
    {
      name: "only-compose-knows-adapters",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(adapters|compose)/" },
      to: { path: "^src/adapters/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-orphans", severity: "error", from: { orphan: true, path: "^src/", pathNot: "^src/(index|main)\\.ts$" }, to: {} },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    // Packages are not followed, but importing one is seen: an exclusion would hide it from the rules above.
    exclude: { path: "^dist/" },
  },
};
