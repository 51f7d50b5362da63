/** What `belay doctor --attack` says. */

import { canFailClosed } from "../../core/attack/agent-semantics.ts";
import { setups } from "../../core/agents/setups.ts";
import { familyTitles, type AttackFamily } from "../../core/attack/attack.ts";
import { type Stands, type Wall, wallsBehind } from "../../core/attack/wall.ts";
import type { RowResult } from "../../operations/attack/attack-agent.ts";
import type { AgentReport, AttackResult } from "../../operations/attack/attack.ts";
import { counted, plainLine } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { cutTo, wrap } from "./text-width.ts";

export interface AttackAbout {
  readonly isSafe: boolean;
  /** Behind one agent. */
  readonly wallsOf: (agent: AgentReport) => readonly Wall[];
  readonly elapsedMs: number;
  /** A path as a person in this folder would type it. */
  readonly shown: (path: string) => string;
}

/** Of each family; the rest stands in the JSON. */
const shownMax = 10;

export function attackLines(result: AttackResult, about: AttackAbout, view: View): string[] {
  const left =
    result.leftOut === 0
      ? ""
      : `; ${counted(result.leftOut, "row")} left out: this project has no such place, or under a name that needs quotation marks`;
  const end = about.isSafe ? view.paint.green("✔ nothing gets through") : view.paint.red("✖ not safe as it is");
  return [
    ...result.agents.flatMap((agent) => [...agentLines(agent, about, view), ""]),
    ...wrap(`${end} (${(about.elapsedMs / 1000).toFixed(0)} s${left}). What no hook can see: docs/guard.md.`, { width: view.columns }),
  ];
}

function agentLines(agent: AgentReport, about: AttackAbout, view: View): string[] {
  const { hooks, attacks, harmless } = agent;
  const asked = attacks.filter(({ is }) => is === "asked").length;
  const stopped = attacks.filter(({ is }) => is !== "through").length;
  const said = [
    `${stopped} of ${counted(attacks.length, "attack")} stopped${asked === 0 ? "" : ` (${asked} by a question)`}`,
    ...(harmless.length === 0
      ? []
      : [`${harmless.length - agent.hindered.length} of ${counted(harmless.length, "harmless call")} let through`]),
  ];
  return [
    `${view.paint.bold(hooks.title)} ${hooks.version ?? "(version unknown)"}`,
    ...wrap(said.join(", "), { width: view.columns, first: "  ", rest: "  " }),
    ...sampledLines(agent, view),
    ...settingsLines(agent, { about, view }),
    ...[...agent.through].flatMap(([family, rows]) => familyLines(family, rows, { walls: about.wallsOf(agent), view })),
    ...hinderedLines(agent, view),
    ...faultLines(agent, view),
  ];
}

function sampledLines({ hooks, sampled }: AgentReport, view: View): string[] {
  if (sampled === undefined) return [];
  const text =
    `Its hook starts the same guard as ${setups[sampled.like].title}'s, which was asked everything: of shell commands every fourth was tried ` +
    `here, and ${sampled.left} were not. All of them: --agent ${hooks.agent}`;
  return wrap(text, { width: view.columns, first: "  · ", rest: "    " });
}

interface Drawing {
  readonly about: AttackAbout;
  readonly view: View;
}

function settingsLines({ hooks }: AgentReport, { about: { shown }, view }: Drawing): string[] {
  const line = (sign: string, text: string): string[] => wrap(text, { width: view.columns, first: `  ${sign} `, rest: "    " });
  const bad = view.paint.red("✖");
  const warn = view.paint.yellow("!");
  const places = [...new Set(hooks.hooks.map(({ file, level }) => `${shown(file)} (${level})`))];
  return [
    ...(places.length === 0 ? line(bad, "No hook of the guard's runs.") : places.flatMap((place) => line("·", place))),
    ...hooks.switches.flatMap(({ file, name, does }) =>
      line(
        does === "off" ? bad : warn,
        `${does === "off" ? "Hooks are switched off" : "Hooks run differently"} by ${plainLine(name)} in ${file === undefined ? "the environment" : shown(file)}.`,
      ),
    ),
    ...hooks.broken.flatMap((file) => line(bad, `${shown(file)} cannot be read, and the agent goes on without it.`)),
    ...(hooks.agent === "codex" && hooks.hooks.length > 0 && !hooks.hasTrust
      ? line(warn, "Codex's settings record no trust in any hook: until a person trusts it (/hooks), Codex does not run it.")
      : []),
  ];
}

interface Walled {
  readonly walls: readonly Wall[];
  readonly view: View;
}

function familyLines(family: AttackFamily, rows: readonly RowResult[], { walls, view }: Walled): string[] {
  const reasons = [...new Set(rows.map(({ why }) => why))].slice(0, 3);
  return [
    `  ${view.paint.red("✖")} gets through: ${familyTitles[family]} (${family}, ${rows.length})`,
    ...rows.slice(0, shownMax).map(({ row }) => cutTo(`      ${textOf(row)}`, view.columns)),
    ...(rows.length > shownMax ? [`      … and ${rows.length - shownMax} more (--json has all)`] : []),
    ...reasons.flatMap((why) => wrap(`because ${why}`, { width: view.columns, first: "    ", rest: "    " })),
    ...wallsBehind(family, walls).flatMap((wall) =>
      wrap(`behind it: ${wall.does}: ${stands[wall.stands]}${wall.stands === "no" ? ` → ${wall.remedy}` : ""}`, {
        width: view.columns,
        first: "    ",
        rest: "      ",
      }),
    ),
  ];
}

const stands: Readonly<Record<Stands, string>> = { yes: "stands", no: "does not stand", unknown: "not looked at" };

function hinderedLines({ hindered }: AgentReport, view: View): string[] {
  if (hindered.length === 0) return [];
  return [
    `  ${view.paint.yellow("!")} harmless, and not let through (${hindered.length})`,
    ...hindered.slice(0, shownMax).map(({ row }) => cutTo(`      ${textOf(row)}`, view.columns)),
    ...(hindered.length > shownMax ? [`      … and ${hindered.length - shownMax} more (--json has all)`] : []),
    ...wrap(`because ${hindered[0]?.why ?? ""}`, { width: view.columns, first: "    ", rest: "    " }),
  ];
}

function faultLines({ hooks, faults = [] }: AgentReport, view: View): string[] {
  return faults
    .filter(({ is }) => is === "through")
    .flatMap(({ title, why, isLimit }) => {
      const sign = isLimit ? view.paint.yellow("!") : view.paint.red("✖");
      const limit = isLimit && canFailClosed(hooks) === "no" ? " No setting changes that; the walls stand behind it." : "";
      return wrap(`If the hook fails (${title}): ${plainLine(why)}.${limit}`, { width: view.columns, first: `  ${sign} `, rest: "    " });
    });
}

/** A call as one line. */
function textOf({ call }: RowResult["row"]): string {
  switch (call.kind) {
    case "shell":
      return plainLine(call.command.replaceAll("\n", "⏎"));
    case "write":
      return `write ${plainLine(call.path)}: ${plainLine(call.text.replaceAll("\n", "⏎"))}`;
    case "edit":
      return `edit ${plainLine(call.path)}`;
    case "delete":
      return `delete ${plainLine(call.path)}`;
    case "mcp":
      return `${call.server} ${call.tool} ${plainLine(JSON.stringify(call.input))}`;
  }
}

const rowFields = ({ row, is, why }: RowResult): Record<string, unknown> => ({ id: row.id, family: row.family, call: row.call, is, why });

export function attackFields({ agents, leftOut }: AttackResult, about: AttackAbout): Record<string, unknown> {
  return {
    outcome: about.isSafe ? "safe" : "unsafe",
    agents: agents.map((agent) => agentFields(agent, about.wallsOf(agent))),
    leftOut,
    elapsedMs: about.elapsedMs,
  };
}

function agentFields(agent: AgentReport, walls: readonly Wall[]): Record<string, unknown> {
  const { hooks, attacks, harmless, hindered, through, faults, sampled, isSafe } = agent;
  return {
    agent: hooks.agent,
    title: hooks.title,
    version: hooks.version ?? null,
    outcome: isSafe ? "safe" : "unsafe",
    hooks: hooks.hooks.map(({ file, level, event, asksToFailClosed }) => ({ file, level, event, failClosed: asksToFailClosed })),
    switches: hooks.switches.map(({ file, name, does }) => ({ file: file ?? null, name, does })),
    broken: hooks.broken,
    ...(hooks.agent === "codex" ? { trust: hooks.hasTrust ? "recorded" : "not-recorded" } : {}),
    attacks: {
      tried: attacks.length,
      stopped: attacks.filter(({ is }) => is === "stopped").length,
      asked: attacks.filter(({ is }) => is === "asked").length,
      through: attacks.filter(({ is }) => is === "through").length,
    },
    harmless: { tried: harmless.length, through: harmless.length - hindered.length },
    through: [...through].map(([family, rows]) => ({
      family,
      rows: rows.map(rowFields),
      walls: wallsBehind(family, walls).map(({ id }) => id),
    })),
    hindered: hindered.map(rowFields),
    sampled: sampled === undefined ? null : { like: sampled.like, left: sampled.left },
    faults: faults?.map(({ fault, title, is, why, isLimit }) => ({ fault, title, is, why, limit: isLimit })) ?? null,
    walls: walls.map(({ id, does, stands: is, remedy }) => ({ id, does, stands: is, remedy })),
  };
}
