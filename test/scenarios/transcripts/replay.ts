/** Replays the commands of a document's `console` blocks and writes their present output into them. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { CliWorld } from "../../cli/cli-world.ts";

export interface Scene {
  readonly world: CliWorld;
  readonly home: string;
  /** The folder of the world that commands run in. */
  readonly folder: string;
}

/** What stands in for everything that differs from run to run, of the same length, so that lines break where they did. */
interface Names {
  /** A text that a document shows, as it is in this run. */
  readonly real: (text: string) => string;
  /** What this run has told, as the document shows it. */
  readonly shown: (text: string) => string;
}

/** Where an id stands that chance decides, and how long it is. */
const chosenByChance: readonly RegExp[] = [
  /\bplan +([0-9a-f]{12})\b/gu,
  /\b(?:approve|apply|--confirm) ([0-9a-f]{12})\b/gu,
  /\bpolicy ([0-9a-f]{12})\b/gu,
  /\breport ([0-9a-f]{12})\b/gu,
  /\bledger +([0-9a-f]{12})\b/gu,
  /\bcommit ([0-9a-f]{7})\b/gu,
  /\br\d+ +([0-9a-f]{7}) /gu,
  /\bw([0-9a-f]{6})\b/gu,
  /ssh-ed25519 …([A-Za-z0-9+/]{12})/gu,
];

function openNames(root: string): Names {
  const known = new Map<string, string>();
  return {
    real: (text) => [...known].reduce((told, [real, fake]) => told.replaceAll(fake, real), text),
    shown: (text) => {
      for (const pattern of chosenByChance) {
        for (const [, id = ""] of text.matchAll(pattern)) {
          const fake = createHash("sha256").update(`name ${known.size}`).digest("hex").slice(0, id.length);
          if (!known.has(id)) known.set(id, fake);
        }
      }
      return [...known]
        .reduce((told, [real, fake]) => told.replaceAll(real, fake), text.replaceAll(root, "/home/wren"))
        .replaceAll(/(?<=T\d\d-\d\d-)\d\d(?=Z)/gu, "00");
    },
  };
}

/** A block: its commands, each with the lines that followed it. */
const blockPattern = /```console\n(?<body>[\s\S]*?)```/gu;

/** The document with what its commands tell today. An answer behind a question is what the person types. */
export async function replay(document: string, scene: Scene): Promise<string> {
  const names = openNames(scene.world.root);
  let replayed = "";
  let at = 0;
  for (const found of document.matchAll(blockPattern)) {
    replayed += `${document.slice(at, found.index)}\`\`\`console\n`;
    for (const [command, told] of commandsOf(found.groups?.["body"] ?? "")) {
      const output = await tellingOf(names.real(command), told, scene);
      replayed += `$ ${command}\n${names.shown(output)}`;
    }
    replayed += "```";
    at = found.index + found[0].length;
  }
  return replayed + document.slice(at);
}

function commandsOf(body: string): (readonly [command: string, told: string])[] {
  return body
    .split(/^\$ /mu)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1)] as const;
    });
}

/** What clears the line that a progress stands on. */
const wipe = "\r\u001B[2K";

async function tellingOf(command: string, told: string, { world, home, folder }: Scene): Promise<string> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...identity,
  };
  const { variable, value = "", line } = /^(?:(?<variable>[A-Z]+)=(?<value>\S+) )?belay (?<line>.*)$/u.exec(command)?.groups ?? {};
  if (line === undefined) {
    return execFileSync("bash", ["-e", "-c", command], { cwd: join(world.root, folder), env, encoding: "utf8" });
  }
  const answers = [...told.matchAll(/\[y\/N\] (\w)$/gmu)].map(([, answer = ""]) => answer);
  let heard = "";
  const { exit } = await world.run(folder, wordsOf(line), {
    answer: answers.map((answer) => `${answer}\n`).join(""),
    env: { ...env, ...(variable === undefined ? {} : { [variable]: value }) },
    onText: (text) => (heard += text),
  });
  let asked = 0;
  const plain = heard
    // A line of progress is wiped before the next text comes.
    .split(wipe)
    .filter((part, at, { length }) => at === 0 || at === length - 1 || part.includes("\n"))
    .join("")
    .replaceAll("[y/N] ", () => `[y/N] ${answers[asked++] ?? ""}\n`);
  return exit === 0 ? plain : `${plain}[exit ${exit}]\n`;
}

const wordsOf = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** Commits are the same at every run, as far as their content is. */
const identity: Readonly<Record<string, string>> = Object.fromEntries(
  ["AUTHOR", "COMMITTER"].flatMap((who) => [
    [`GIT_${who}_NAME`, "Wren"],
    [`GIT_${who}_EMAIL`, "wren@example.com"],
    [`GIT_${who}_DATE`, "2031-05-14T10:20:00Z"],
  ]),
);
