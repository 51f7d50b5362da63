/** The walkthroughs of docs/walkthroughs: every command in them runs, and tells what stands there (`vitest -u` writes it anew). */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, utimesSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openCliWorld, type CliWorld } from "../../cli/cli-world.ts";
import { hasSshKeygen } from "../../support/software-key.ts";
import { newKey } from "../support/chain-ground.ts";
import { replay, type Scene } from "./replay.ts";

const docs = fileURLToPath(new URL("../../../docs/walkthroughs/", import.meta.url));

const page = (title: string, ...lines: readonly string[]): string =>
  ["<!doctype html>", `<title>${title}</title>`, `<h1>${title}</h1>`, ...lines.map((line) => `<p>${line}</p>`), ""].join("\n");
const harbour = page("Larkmoor harbour", "Opne from nine.", "Call us.");
const tides = page("Tides", "High water at noon.");

let world: CliWorld;
let home: string;

beforeEach(async () => {
  // Lines break, and columns stand, by how long a date is.
  vi.useFakeTimers({ toFake: ["Date"], shouldAdvanceTime: true, now: Date.parse("2031-05-14T10:20:00Z") });
  vi.stubEnv("TZ", "UTC");
  world = await openCliWorld();
  home = join(world.root, "home");
  mkdirSync(home);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await world.close();
});

const git = (...words: readonly string[]): void => {
  execFileSync("git", ["-c", "user.name=Wren", "-c", "user.email=wren@example.com", ...words], { cwd: join(world.root, "studio") });
};

async function config(production: string): Promise<void> {
  const lines = [
    "version: 1",
    "site:",
    "  root: public",
    "  targets:",
    "    staging: { store: dir:../srv/staging }",
    `    production: { store: dir:../srv/production, after: staging${production} }`,
    "",
  ];
  await world.write("studio/belay.yaml", lines.join("\n"));
  await world.write("studio/.gitignore", ".belay/\n");
}

async function files(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) await world.write(`${folder}/${path}`, text);
}

/** The site is in git, on staging and in production, and the person's key may sign. */
async function running(): Promise<void> {
  await config(", approvals: 1, keys: any");
  const line = await newKey(home);
  await world.write("studio/belay.yaml", `signers: allowed_signers\n${await world.read("studio/belay.yaml")}`);
  await world.write("studio/allowed_signers", `wren@example.com ${line}`);
  await files("studio/public", { "index.html": harbour, "tides.html": tides });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "The site");
  await run(["deploy", "staging", "index.html", "tides.html", "--change", "The site"]);
  await run(["promote", "production"]);
}

async function run(words: readonly string[]): Promise<void> {
  const env = { HOME: home, PATH: process.env["PATH"] ?? "" };
  const ran = await world.run("studio", words, { answer: "y\n", env });
  expect({ words, ...ran }).toEqual({ words, ...ran, exit: 0 });
}

const guestPage = (guest: string, code: string, ...more: readonly string[]): string =>
  page("Welcome aboard", `Guest: ${guest}`, ...more, `Code: ${code}`, "Questions: (619) 555-0143.");
const sheet = (guest: string, code: string, when: string): string => page("Crew sheet", `Guest: ${guest}`, `Code: ${code}`, when);

/** Bookings on pages of the site and on sheets of the office; one was moved on its sheet alone. */
async function bookings(): Promise<void> {
  const lines = [
    "version: 1",
    "site:",
    "  root: public",
    "  targets:",
    "    production: { store: dir:../srv/production }",
    "records:",
    "  booking:",
    "    zone: America/Los_Angeles",
    "    fields:",
    "      start: { type: datetime, authority: crew }",
    "      end: start + 3h",
    "      arrival: { derive: start - 30m, words: [arrive] }",
    "      guest: { type: person, words: [guest] }",
    "      code: { type: key, words: [code] }",
    "    identity: { keys: [code], match: [guest] }",
    "    systems:",
    '      pages: { target: production, match: "g/*.html" }',
    '      crew: { store: dir:../office, match: "crew/*.html" }',
    "",
  ];
  await world.write("studio/belay.yaml", lines.join("\n"));
  const odile = "Odile Marchetti";
  const held = {
    "srv/production/g/2031-06-07-odile.html": guestPage(
      odile,
      "R7KM2P",
      "Saturday, June 7, 2031, 4:30&ndash;7:30 PM",
      "Please arrive at 4:00 PM. Low water is at 4:30 AM. The rest is $430.",
    ),
    "srv/production/g/2031-06-08-ines.html": guestPage("Ines Falk", "T2QX9D", "Sunday, June 8, 2031, 10 AM to 1 PM"),
    "office/crew/R7KM2P.html": sheet(odile, "R7KM2P", "2031-06-07 15:30"),
    "office/crew/T2QX9D.html": sheet("Ines Falk", "T2QX9D", "2031-06-08 10:00"),
  };
  await files(".", held);
  const at = new Date("2031-05-13T09:00:00Z");
  for (const path of Object.keys(held)) utimesSync(join(world.root, path), at, at);
}

const scenes: Readonly<Record<string, () => Promise<void>>> = {
  "one-booking-everywhere.md": bookings,
  "a-typo.md": running,
  "a-night-s-hotfix.md": running,
  "a-solo-owner.md": async () => {
    await config("");
    await files("studio/public", { "index.html": harbour, "tides.html": tides });
    await files("srv/staging", { "index.html": harbour, "tides.html": tides });
    await files("srv/production", { "index.html": harbour, "tides.html": tides });
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "The site");
  },
  "first-contact.md": async () => {
    rmSync(join(world.root, "studio", "belay.yaml"));
    const pages = Object.fromEntries(
      Array.from({ length: 498 }, (_, at) => [`berths/${String(at + 1).padStart(3, "0")}.html`, page(`Berth ${at + 1}`, "Free.")]),
    );
    const common = { "index.html": harbour, ...pages };
    await files("srv/production", { ...common, "robots.txt": "User-agent: *\n" });
    await files("srv/staging", { ...common, "robots.txt": "User-agent: *\nDisallow: /\n", "berths/007.html": page("Berth 7", "Taken.") });
    await files("studio/public", { ...common, "robots.txt": "User-agent: *\n" });
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "The site");
  },
};

describe.skipIf(!hasSshKeygen)("needs git and ssh-keygen: the walkthrough", () => {
  test.each(Object.entries(scenes))("%s tells what happens", async (name, setTheScene) => {
    await setTheScene();
    const scene: Scene = { world, home, folder: "studio" };
    const document = await readFile(join(docs, name), "utf8");
    const replayed = await replay(document, scene);
    expect(replayed).not.toMatch(/\[y\/N\] $|this is a bug/mu);
    await expect(replayed).toMatchFileSnapshot(join(docs, name));
  });
});
