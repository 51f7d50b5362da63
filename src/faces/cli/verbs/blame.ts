import { BelayError } from "../../../core/belay-error.ts";
import { isProduction, type Target } from "../../../core/site.ts";
import { pathsOfUrl } from "../../../core/timeline/paths-of-url.ts";
import { blame, type BlameResult } from "../../../operations/history/blame.ts";
import type { Workbench } from "../../../operations/workbench.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { keysNamed } from "../locate-paths.ts";
import { plain } from "../plain-text.ts";
import { blameLines, type Wanted } from "../render-blame.ts";
import { targetOf, type Session } from "../session.ts";
import { textOf, type Words } from "../words.ts";

/** The live page line by line, or the lines that were asked for. */
export async function runBlame(session: Session, words: Words): Promise<number> {
  const bench = await session.bench();
  const [named = ""] = words.operands;
  const page = /^https?:\/\//iu.test(named) ? pageAt(session, bench, named, words) : await pageNamed(session, bench, named, words);
  const result = await blame(bench, page, await session.context());
  const wanted = wantedLines(result, words);
  const { screen, globals } = session;
  if (globals.isJson) printJson(screen, blameFields(result, wanted));
  else screen.print(blameLines(result, wanted, screen.data));
  return exits.done;
}

interface Page {
  readonly target: Target;
  readonly paths: readonly string[];
}

/** The URL tells the target; where two share its beginning, the longer one. */
function pageAt(session: Session, bench: Workbench, url: string, words: Words): Page {
  const asked = textOf(words, "target");
  const among = asked === undefined ? bench.site.targets : [targetOf(session, bench, asked)];
  const pages = among
    .flatMap((target): Page[] => {
      const paths = pathsOfUrl(target, url);
      return paths ? [{ target, paths }] : [];
    })
    .toSorted((one, other) => (other.target.url ?? "").length - (one.target.url ?? "").length);
  const [page] = pages;
  if (page) return page;
  const known = bench.site.targets.flatMap((target) => target.url ?? []);
  throw new BelayError(
    "usage",
    `${plain(url)} is the address of no target in belay.yaml.`,
    known.length === 0 ? "Name the page by its path: belay blame index.html" : `Their addresses: ${known.map(plain).join(", ")}`,
  );
}

async function pageNamed(session: Session, bench: Workbench, path: string, words: Words): Promise<Page> {
  const asked = textOf(words, "target");
  const { targets } = bench.site;
  const usual = targets.find(isProduction) ?? targets[0];
  const target = asked === undefined && usual ? usual : targetOf(session, bench, asked ?? "");
  const [key = ""] = await keysNamed(session, bench, { target, paths: [path] });
  if (key === "" || key.endsWith("/")) return { target, paths: [`${key}index.html`] };
  return { target, paths: [key, `${key}/index.html`] };
}

function wantedLines(result: BlameResult, words: Words): Wanted | undefined {
  const [line, match] = [textOf(words, "line"), textOf(words, "match")];
  if (line === undefined && match === undefined) return undefined;
  const { path, lines } = result;
  const number = line === undefined ? undefined : Number(line);
  if (number !== undefined && (!Number.isInteger(number) || number < 1 || number > lines.length)) {
    throw new BelayError(
      "usage",
      `--line takes a number from 1 to ${lines.length}: ${plain(path)} has so many lines.`,
      "belay blame PATH --line 1",
    );
  }
  const numbers = lines.flatMap((text, at) => {
    const isMeant = (number === undefined || number === at + 1) && (match === undefined || text.includes(match));
    return isMeant ? [at + 1] : [];
  });
  if (numbers.length > 0) return new Set(numbers);
  throw new BelayError("usage", `No line of the live ${plain(path)} holds “${plain(match ?? "")}”.`, `belay blame ${plain(path)}`);
}

function blameFields({ target, path, digest, lines, ranges }: BlameResult, wanted: Wanted | undefined): Record<string, unknown> {
  const isWanted = ({ from, to }: BlameResult["ranges"][number]): boolean => {
    if (!wanted) return true;
    for (let line = from; line <= to; line += 1) if (wanted.has(line)) return true;
    return false;
  };
  return {
    target: target.name,
    path,
    digest,
    lineCount: lines.length,
    ranges: ranges.filter(isWanted),
    ...(wanted && { lines: [...wanted].map((number) => ({ number, text: lines[number - 1] })) }),
  };
}
