/** The scripts of package.json, and what Nx and wireit describe like them. */

import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { joinReadings, quoted, shellOf, unread, type Wrapped } from "./options.ts";
import { fields, packagesOf, type PackageChoice, type PackageFile } from "./workspaces.ts";

/** A script by its name, in every package that is meant, with its `pre` and `post`, and the words behind it. */
export function runScript(words: readonly Word[], { program, invocation, facts }: Wrapped, choice: PackageChoice): Reading {
  const [name, ...behind] = words;
  if (name === undefined) return nothing;
  const args = behind[0] === "--" ? behind.slice(1) : behind;
  const tail = args.length === 0 ? "" : ` ${args.map((word) => (word === hole ? hole : quoted([word]))).join(" ")}`;
  return joinReadings(
    packagesOf(invocation.cwd, choice, facts).map((file) =>
      scriptsOf(file.text) === undefined
        ? unread(program, `${file.folder}/package.json, which is no JSON`, invocation)
        : scriptIn(file, name, tail),
    ),
  );
}

function scriptIn({ folder, text }: PackageFile, name: Word, tail: Word): Reading {
  const scripts = scriptsOf(text) ?? {};
  // Where nobody knows which script, all of them may be it.
  const names = isKnown(name) ? [name] : Object.keys(scripts);
  return joinReadings(
    names.flatMap((each) =>
      [`pre${each}`, each, `post${each}`].flatMap((key) => {
        const script = Object.hasOwn(scripts, key) ? scripts[key] : undefined;
        const own = key === each ? tail : "";
        return typeof script === "string" ? [shellOf(`${script}${own}`, `package script ${key}`, { cwd: folder })] : [];
      }),
    ),
  );
}

/** `undefined` where the file is no JSON. Nx's targets and wireit's scripts count as scripts. */
function scriptsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const own = fields(parsed);
    const targets = [own["targets"], fields(own["nx"])["targets"]].flatMap((each) => Object.entries(fields(each)));
    const described = targets.map(([name, target]) => [name, commandsOf(target)] as const);
    const wired = Object.entries(fields(own["wireit"])).map(([name, script]) => [name, fields(script)["command"]] as const);
    return { ...Object.fromEntries(described), ...fields(own["scripts"]), ...Object.fromEntries(wired.filter(([, command]) => command)) };
  } catch {
    return undefined;
  }
}

/** `command`, `options.command`, `options.commands` of a target, one a line. */
function commandsOf(target: unknown): string {
  const own = fields(target);
  const options = fields(own["options"]);
  const listed = Array.isArray(options["commands"]) ? options["commands"].map((each: unknown) => fields(each)["command"] ?? each) : [];
  return [own["command"], options["command"], ...listed].filter((text) => typeof text === "string").join("\n");
}
