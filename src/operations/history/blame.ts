/** `belay blame`: from a line of a live page to the deploy, the commit and the hand that brought it. */

import { comparableTexts, splitLines } from "../../codecs/text-diff/text-lines.ts";
import { BelayError } from "../../core/belay-error.ts";
import { bytesOf, type Body } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import type { Target } from "../../core/site.ts";
import type { Store } from "../../ports/store.ts";
import { lineBringers } from "./blame-lines.ts";
import { originsOf, type Origin } from "./blame-origins.ts";
import { observe } from "../compare/observe.ts";
import { noticeOutOfBand } from "./out-of-band.ts";
import { findBytes, rememberedBytesMax } from "../compare/seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface BlameRequest {
  readonly target: Target;
  /** Of which the first that is live is meant. */
  readonly paths: readonly string[];
}

/** Lines that stand together and came together; counted from 1, both ends included. */
export interface BlamedRange {
  readonly from: number;
  readonly to: number;
  readonly origin: Origin;
  /** Older releases whose bytes are gone: a line may be theirs. */
  readonly maybe: readonly string[];
}

export interface BlameResult {
  readonly target: Target;
  readonly path: string;
  readonly digest: Digest;
  /** Without their endings; empty where the object is not text. */
  readonly lines: readonly string[];
  /** Of what is not text, one range of no lines. */
  readonly ranges: readonly BlamedRange[];
}

export async function blame(bench: Workbench, { target, paths }: BlameRequest, context: Context): Promise<BlameResult> {
  const observation = await observe(bench, target, paths, context);
  const sighting = paths.flatMap((path) => observation.sightings.filter((one) => one.path === path && one.live))[0];
  const live = sighting?.live;
  if (!sighting || !live) throw notLive(target, paths);
  await noticeOutOfBand(bench, observation, context);
  const { path } = sighting;
  const ledger = await bench.ledger.state({ signal: context.signal, mayBeOld: true });
  const past = await originsOf(bench, { ledger, target, path, live }, context);
  const bodies = new Bodies(bench, observation.store, path, context);
  const known: Known[] = [];
  const gone = new Map<number, string[]>();
  for (const { digest, origin } of past) {
    const bytes = digest === undefined ? new Uint8Array() : await bodies.bytesOf(digest);
    if (bytes) known.push({ bytes, origin });
    // Its lines will be told as those of the next newer content that is still to be had.
    else gone.set(known.length - 1, [...(gone.get(known.length - 1) ?? []), nameOf(origin)]);
  }
  return { target, path, digest: live.digest, ...attributed(known, gone) };
}

const nameOf = ({ release, kind }: Origin): string => release ?? kind;

const notLive = ({ name }: Target, [path = ""]: readonly string[]): BelayError =>
  new BelayError("usage", `${path} is not live at ${name}.`, `belay log ${path} --target ${name}   (what became of it)`);

interface Known {
  readonly bytes: Uint8Array;
  readonly origin: Origin;
}

function attributed(known: readonly Known[], gone: ReadonlyMap<number, readonly string[]>): Pick<BlameResult, "lines" | "ranges"> {
  const originAt = (index: number): Pick<BlamedRange, "origin" | "maybe"> => ({
    origin: known[index]?.origin ?? { kind: "before-belay" },
    maybe: gone.get(index) ?? [],
  });
  const texts = comparableTexts(...known.map(({ bytes }) => bytes));
  if (!texts) return { lines: [], ranges: [{ from: 0, to: 0, ...originAt(0) }] };
  const split = texts.map(splitLines);
  const bringers = lineBringers(split);
  const ranges: (BlamedRange & { readonly index: number })[] = [];
  for (const [line, index] of bringers.entries()) {
    const last = ranges.at(-1);
    if (last?.index === index) ranges[ranges.length - 1] = { ...last, to: line + 1 };
    else ranges.push({ from: line + 1, to: line + 1, index, ...originAt(index) });
  }
  return {
    lines: (split[0] ?? []).map((line) => line.replace(/\r?\n$/u, "")),
    ranges: ranges.map(({ from, to, origin, maybe }) => ({ from, to, origin, maybe })),
  };
}

const versionsMax = 100;
const gitVersionsMax = 200;

/** Bytes of earlier contents, from wherever they are nearest; the slower places are looked through at most once. */
class Bodies {
  readonly #bench: Workbench;
  readonly #store: Store;
  readonly #path: string;
  readonly #context: Context;
  #elsewhere: Promise<ReadonlyMap<Digest, Uint8Array>> | undefined;

  constructor(bench: Workbench, store: Store, path: string, context: Context) {
    this.#bench = bench;
    this.#store = store;
    this.#path = path;
    this.#context = context;
  }

  async bytesOf(digest: Digest): Promise<Uint8Array | undefined> {
    const bench = this.#bench;
    const places = [bench.folder, this.#store].map((store) => ({ store, path: this.#path }));
    const near = await findBytes(bench, digest, places, this.#context);
    if (near) return await bytesOf(near);
    this.#elsewhere ??= this.#lookElsewhere();
    return (await this.#elsewhere).get(digest);
  }

  async #lookElsewhere(): Promise<ReadonlyMap<Digest, Uint8Array>> {
    const found = new Map<Digest, Uint8Array>();
    const keep = async (body: Body): Promise<void> => {
      if (body.sizeBytes > rememberedBytesMax) return;
      const bytes = await bytesOf(body);
      found.set(this.#bench.runtime.sha256(bytes), bytes);
    };
    const { versions } = this.#store;
    try {
      for (const version of (await versions?.list(this.#path, { signal: this.#context.signal, limit: versionsMax })) ?? []) {
        const reading =
          version.isObject && version.sizeBytes <= rememberedBytesMax ? await versions?.read(version, this.#context) : undefined;
        if (reading) await keep(reading.body);
      }
    } catch (error) {
      // Who may not list versions still has the vault and version control.
      if (!(error instanceof BelayError)) throw error;
    }
    const committed = await this.#bench.history.versionsOf([this.#path], gitVersionsMax, this.#context);
    for (const version of committed.get(this.#path) ?? []) await keep(await this.#bench.history.read(version, this.#context));
    return found;
  }
}
