/** One schedule by chance: bookings, people who decide, strangers who write, processes that die, calls that fail. */

import type { RecordKind } from "../../../src/core/records/kind.ts";
import { redirectPage } from "../../../src/core/records/redirect-page.ts";
import { BelayError } from "../../../src/core/belay-error.ts";
import { reconcile } from "../../../src/operations/records/reconcile.ts";
import { booking } from "../../scenarios/records/records-world.ts";
import { Scheduler } from "../scheduler.ts";
import {
  generateBooking,
  withoutOwned,
  type GeneratedBooking,
  type GeneratedObject,
  type Said,
  type Written,
} from "./generated-booking.ts";
import { wordOf } from "./incident-run.ts";
import type { Fate, Landing, PortCall } from "./port-store.ts";
import { RecordsStage } from "./records-stage.ts";

export interface Verdict {
  readonly violations: readonly string[];
  readonly tally: ReadonlyMap<string, number>;
}

const kind: RecordKind = { ...booking, systems: booking.systems.filter(({ name }) => name !== "listing") };
/** Any two overlap by half: in one system, one key at two times that do not is a doubt, which only a person settles. */
const starts = [14 * 60, 14 * 60 + 15, 14 * 60 + 45, 15 * 60 + 15];
const decoder = new TextDecoder();

export async function runBookings(seed: number): Promise<Verdict> {
  const schedule = new BookingSchedule(seed);
  let isOver = false;
  const playing = schedule.play().finally(() => (isOver = true));
  await schedule.scheduler.run(() => isOver);
  await playing;
  return schedule;
}

class BookingSchedule implements Verdict {
  readonly scheduler: Scheduler;
  readonly violations: string[] = [];
  readonly tally = new Map<string, number>();
  readonly #stage: RecordsStage;
  readonly #bookings: readonly GeneratedBooking[];
  /** By place and key: what stands there, as whoever wrote it last meant it; a redirect has no text of its own. */
  readonly #model = new Map<string, Written | "redirect">();
  /** What belay has replaced, for put-backs. */
  readonly #before = new Map<string, { readonly bytes: string; readonly model: Written | "redirect" }[]>();
  readonly #decided = new Map<string, Set<number>>();
  #variants = 0;

  constructor(seed: number) {
    const scheduler = new Scheduler(seed);
    this.scheduler = scheduler;
    const pick = <Item>(items: readonly Item[]): Item => scheduler.pick(items);
    this.#bookings = Array.from({ length: 1 + Math.floor(scheduler.random() * 2) }, (_, index) => generateBooking(index, pick));
    this.#stage = new RecordsStage({
      kind,
      held: {},
      clock: {
        get nowMs() {
          return scheduler.nowMs;
        },
        sleep: async (process, ms) => await scheduler.sleep(process, ms),
      },
      ...(seed % 3 === 0 && { production: { after: "staging" } }),
    });
    for (const one of this.#bookings) {
      this.#decided.set(one.code, new Set());
      for (const object of one.objects)
        this.#write(object, { ...one.first, slug: one.duplicate && scheduler.chance(0.7) ? one.duplicate.slice(2, -5) : one.slug });
    }
    this.#stage.onLanded = (landing) => this.#landed(landing);
  }

  async play(): Promise<void> {
    const { scheduler } = this;
    const faults = scheduler.chance(0.3) ? 0 : 0.004;
    this.#stage.hand = async (call, process) => {
      await scheduler.turn(process);
      if (scheduler.chance(0.006)) this.#stranger();
      return this.#fate(call, faults);
    };
    for (let step = 0; step < 3; step += 1) {
      await Promise.all(Array.from({ length: scheduler.chance(0.3) ? 2 : 1 }, async () => await this.#command()));
      if (scheduler.chance(0.5)) this.#stranger();
    }
    this.#stage.hand = async (_, process): Promise<Fate> => {
      await scheduler.turn(process);
      return "go";
    };
    for (const one of this.#bookings) await this.#settle(one);
    await this.#lastLook();
  }

  #fate({ verb }: PortCall, chance: number): Fate {
    const { scheduler } = this;
    if (!scheduler.chance(chance * 4)) return "go";
    const changing = ["die", "die-after", "lost", "lost-after", "conflict"] as const;
    const asking = ["die", "lost", ...(verb === "list" ? (["empty", "half"] as const) : [])] as const;
    const fate = scheduler.chance(0.2) ? outage() : scheduler.pick<Fate>(verb === "read" || verb === "list" ? asking : changing);
    this.#count(typeof fate === "string" ? `fate: ${fate}` : "fate: outage");
    return fate;
  }

  /** A person decides a start, and which page stays. */
  async #command(): Promise<void> {
    const one = this.scheduler.pick(this.#bookings);
    await this.#reconcile(one, this.scheduler.pick(starts));
  }

  async #reconcile(one: GeneratedBooking, start: number): Promise<string> {
    this.#decided.get(one.code)?.add(start);
    const time = `${String(Math.floor(start / 60)).padStart(2, "0")}:${String(start % 60).padStart(2, "0")}`;
    const answer = { field: "start", value: { kind: "moment", date: one.date, time }, because: "Mara" } as const;
    const request = { named: one.code, answers: [answer], keep: one.keep, deletes: false, leave: [] };
    const go = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("go" as const) };
    const ended = await this.#stage.run(async (bench, context) => await reconcile(bench, request, go, context));
    const word = wordOf(ended);
    if (word.includes("crashed")) this.violations.push(word);
    this.#count(`reconcile: ${word.split("\n")[0]}`);
    return word;
  }

  #write(object: GeneratedObject, said: Said): void {
    this.#variants += 1;
    const render = object.variant(this.#variants);
    this.#model.set(`${object.place} ${object.key}`, { said, render });
    this.#stage.force(object.place, object.key, render(said));
  }

  /** Somebody edits an object by hand: around what it says, or what it says. */
  #stranger(): void {
    const { scheduler } = this;
    const object = scheduler.pick(scheduler.pick(this.#bookings).objects);
    const model = this.#model.get(`${object.place} ${object.key}`);
    if (!model || model === "redirect") return;
    this.#count("stranger");
    this.#write(object, scheduler.chance(0.4) ? { ...model.said, start: scheduler.pick(starts) } : model.said);
  }

  /** Every write must be of what stands there now, with what was decided, and with no other byte changed. */
  #landed({ place, key, process, sent }: Landing): void {
    if (place !== "record" && place !== "pages" && place !== "calendar") return;
    const name = `${place} ${key}`;
    const model = this.#model.get(name);
    const one = this.#bookings.find(({ objects }) => objects.some((object) => object.place === place && object.key === key));
    const about = `${process} at ${name}`;
    if (!sent) return void this.violations.push(`${about} deleted it`);
    if (!model || !one) return void this.violations.push(`${about} created it`);
    const bytes = decoder.decode(sent);
    const next = this.#meant(bytes, { place, key, one, model });
    if (next === undefined) return void this.violations.push(`${about} wrote what nobody decided over what stood there:\n${bytes}`);
    this.#before.set(name, [...(this.#before.get(name) ?? []), { bytes: model === "redirect" ? "" : model.render(model.said), model }]);
    this.#model.set(name, next);
  }

  #meant(
    bytes: string,
    {
      place,
      key,
      one,
      model,
    }: { readonly place: string; readonly key: string; readonly one: GeneratedBooking; readonly model: Written | "redirect" },
  ): Written | "redirect" | undefined {
    const redirect = one.keep === undefined ? undefined : decoder.decode(redirectPage(`/${one.keep}`));
    if (key === one.duplicate && bytes === redirect) return "redirect";
    const back = this.#before.get(`${place} ${key}`)?.find((before) => before.bytes === bytes);
    if (model === "redirect") return back?.model;
    const normal = place === "calendar" ? withoutOwned : (text: string) => text;
    for (const start of this.#decided.get(one.code) ?? []) {
      for (const slug of new Set([model.said.slug, one.slug])) {
        const said = { start, slug };
        if (normal(model.render(said)) === normal(bytes)) return { said, render: model.render };
        // The pointer alone.
        const turned = { ...model.said, slug };
        if (normal(model.render(turned)) === normal(bytes)) return { said: turned, render: model.render };
      }
    }
    return back?.model;
  }

  /** Strangers have stopped and nothing fails any more: it comes to rest, everywhere the same. */
  async #settle(one: GeneratedBooking): Promise<void> {
    const start = this.scheduler.pick(starts);
    const words: string[] = [];
    while (words.length < 6 && words.at(-1) !== "nothing-to-do") words.push(await this.#reconcile(one, start));
    if (words.at(-1) !== "nothing-to-do") this.violations.push(`${one.code} does not come to rest: ${words.join(", ")}`);
    const count = this.#stage.landings.length;
    if ((await this.#reconcile(one, start)) !== "nothing-to-do") this.violations.push(`${one.code} had something to do a second time`);
    if (this.#stage.landings.length !== count) this.violations.push(`a run with nothing to do wrote ${this.#stage.landings.at(-1)?.key}`);
    for (const { place, key } of one.objects) await this.#sayTheSame(one, { place, key }, start);
  }

  async #sayTheSame(one: GeneratedBooking, { place, key }: { readonly place: string; readonly key: string }, start: number): Promise<void> {
    const model = this.#model.get(`${place} ${key}`);
    const text = await this.#stage.textAt(place, key);
    const normal = place === "calendar" ? withoutOwned : (bytes: string) => bytes;
    if (key === one.duplicate) {
      if (model !== "redirect") this.violations.push(`${key} leads nowhere`);
    } else if (!model || model === "redirect") this.violations.push(`${place} ${key} is a redirect`);
    else if (normal(text ?? "") !== normal(model.render({ start, slug: one.keep === undefined ? model.said.slug : one.slug })))
      this.violations.push(`${place} ${key} does not say ${start} in the end:\n${text}`);
  }

  async #lastLook(): Promise<void> {
    const state = await this.#stage.ledger();
    for (const [name, { open }] of Object.entries(state.targets)) if (open) this.violations.push(`${name} is left open`);
    const kinds = await this.#stage.entryKinds();
    if (kinds.filter((one) => one === "started").length !== kinds.filter((one) => one === "ended").length)
      this.violations.push("not every plan that began has ended once");
  }

  #count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }
}

const outage = (): BelayError => new BelayError("store-unreachable", "simulated outage", "Run the same command again.");
