import { describe, expect, it } from "vitest";
import { ByteBudget } from "./byte-budget.ts";

const { signal } = new AbortController();
const soon = async (): Promise<void> =>
  await new Promise((resolve) => {
    setImmediate(resolve);
  });

describe("a budget of bytes", () => {
  it("lets nobody take more than is left, in the order in which they came", async () => {
    const budget = new ByteBudget(10);
    const entered: string[] = [];
    const take = async (name: string, bytes: number): Promise<() => void> => {
      const giveBack = await budget.take(bytes, signal);
      entered.push(name);
      return giveBack;
    };
    const first = await take("first", 6);
    const large = take("large", 8);
    // It would fit, but somebody came before it.
    const small = take("small", 2);
    await soon();
    expect(entered).toEqual(["first"]);
    first();
    (await large)();
    (await small)();
    expect(entered).toEqual(["first", "large", "small"]);
  });

  it("what is given back twice counts once", async () => {
    const budget = new ByteBudget(10);
    const one = await budget.take(5, signal);
    await budget.take(5, signal);
    one();
    one();
    await budget.take(5, signal);
    let isIn = false;
    void budget.take(5, signal).then(() => (isIn = true));
    await soon();
    expect(isIn).toBe(false);
  });

  it("a wish beyond all of it is granted alone", async () => {
    const budget = new ByteBudget(10);
    const giveBack = await budget.take(100, signal);
    const next = budget.take(1, signal);
    giveBack();
    await expect(next).resolves.toBeTypeOf("function");
  });

  it("who stops waiting makes room for those behind", async () => {
    const budget = new ByteBudget(10);
    await budget.take(6, signal);
    const stop = new AbortController();
    const large = budget.take(8, stop.signal);
    const small = budget.take(4, signal);
    stop.abort(new Error("stopped by a person"));
    await expect(large).rejects.toThrowError("stopped by a person");
    await expect(small).resolves.toBeTypeOf("function");
    await expect(budget.take(1, stop.signal)).rejects.toThrowError("stopped by a person");
  });
});
