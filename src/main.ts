import { setMaxListeners } from "node:events";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Set by scripts/build.mjs. */
declare const __BELAY_VERSION__: string | undefined;

const version = typeof __BELAY_VERSION__ === "string" ? __BELAY_VERSION__ : "unbuilt";

/** The version is answered before anything else is read. */
if (process.argv.length === 3 && ["--version", "-V"].includes(process.argv[2] ?? "")) process.stdout.write(`${version}\n`);
// An agent waits for its hook: no parser of words stands before it. It ends the process.
else if (process.argv.length === 4 && process.argv[2] === "guard" && !process.argv[3]?.startsWith("-")) await import("./guard.ts");
else await main();

async function main(): Promise<void> {
  // One signal stops everything under way: as many listeners as there are calls at once are no leak.
  setMaxListeners(0);
  // `belay log | head` closes the pipe early: that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const { runCli } = await import("./faces/cli/run-cli.ts");
  const entry = fileURLToPath(import.meta.url);
  const exit = await runCli({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    version,
    now: () => Date.now(),
    // Adapters load with the first verb that needs them.
    openWorkbench: async (...about) => (await import("./compose/open-workbench.ts")).openWorkbench(...about),
    openRecords: async (...about) => (await import("./compose/open-records.ts")).openRecords(...about),
    detectActor: async (...about) => (await import("./compose/detect-actor.ts")).detectActor(...about),
    startSandbox: async (options) => (await import("../sandbox/start-sandbox.ts")).startSandbox(options),
    runGuard: async () => {
      await import("./guard.ts");
      // It ends the process when it has answered.
      await new Promise(() => undefined);
    },
    openInstaller: async (about) => (await import("./compose/open-installer.ts")).openInstaller(about),
    openAttacker: async (about) => (await import("./compose/open-attacker.ts")).openAttacker(about),
    onInterrupt: (listener) => {
      process.on("SIGINT", listener).on("SIGTERM", listener);
      return () => process.off("SIGINT", listener).off("SIGTERM", listener);
    },
    exitNow: (code) => process.exit(code),
    program: [process.execPath, entry],
    packageFolder: dirname(dirname(entry)),
  });
  // What was written must have left before the process ends; nothing that lingers may keep it.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))));
  process.exit(exit);
}
