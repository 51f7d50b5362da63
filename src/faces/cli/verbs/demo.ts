import { join, resolve } from "node:path";
import { BelayError } from "../../../core/belay-error.ts";
import type { Session } from "../session.ts";
import { has, textOf, type Words } from "../words.ts";

const paceDefaultMs = 600;

/** The story prints for itself; what starts it gives the command that it runs. */
export async function runDemoVerb({ setup, screen, signal, globals }: Session, words: Words): Promise<number> {
  if (globals.isJson) throw new BelayError("usage", "The demo tells a story and has no JSON.", "belay demo");
  const [folder] = words.operands;
  const { incidents, runDemo } = await import("../../demo/run-demo.ts");
  const named = textOf(words, "only");
  const only = incidents.find((incident) => incident === named);
  if (named !== undefined && only === undefined)
    throw new BelayError(
      "usage",
      `--only takes ${incidents.slice(0, -1).join(", ")} or ${incidents.at(-1) ?? ""}.`,
      "belay demo --only records",
    );
  if (folder !== undefined && only !== undefined && only !== "site")
    throw new BelayError("usage", `The demo about ${only} has data of its own, and takes no folder.`, `belay demo --only ${only}`);
  return runDemo({
    belay: setup.program,
    assets: join(setup.packageFolder, "demo"),
    startSandbox: setup.startSandbox,
    out: setup.stdout,
    isTty: setup.stdout.isTTY === true,
    colour: screen.data.paint.isColorSupported,
    pace: paceFrom(textOf(words, "pace")),
    keep: has(words, "keep"),
    signal,
    ...(only === undefined ? {} : { only }),
    ...(folder === undefined ? {} : { folder: resolve(setup.cwd, folder) }),
  });
}

function paceFrom(text: string | undefined): number {
  if (text === undefined) return paceDefaultMs;
  const pace = Number(text);
  if (Number.isFinite(pace) && pace >= 0) return pace;
  throw new BelayError("usage", "--pace takes milliseconds.", "belay demo --pace 0");
}
