import picocolors from "picocolors";
import { expect, test } from "vitest";
import { watchInterrupts, type Interruption } from "./interruption.ts";
import { openScreen } from "./screen.ts";

/** What is told at the first and at the second Ctrl-C. */
function interrupted(begin: (interruption: Interruption) => void): readonly string[] {
  const told: string[] = [];
  const stream = { write: (text: string) => told.push(text.trim()) };
  const screen = openScreen({
    stdout: stream,
    stderr: stream,
    env: {},
    wantsColour: picocolors.isColorSupported,
    isVerbose: false,
    now: () => 0,
  });
  const pressed: (() => void)[] = [];
  const onInterrupt = (handler: () => void): (() => void) => {
    pressed.push(handler);
    return () => undefined;
  };
  begin(watchInterrupts({ onInterrupt, exitNow: () => undefined }, screen));
  for (const handler of [...pressed, ...pressed]) handler();
  return told;
}

test("before anything is written, stopping is all that there is to tell", () => {
  expect(interrupted(() => undefined)).toEqual(["stopping…", "stopped at once."]);
});

test("a plan's pages are put back", () => {
  expect(interrupted(({ startsWriting }) => startsWriting())).toEqual([
    "stopping: writes under way are finished, pages already written are put back…",
    "stopped at once. What was under way is not settled: run belay resume, or belay undo.",
  ]);
});

test("of several parts nothing that has landed is said to be put back", () => {
  expect(interrupted(({ startsWriting }) => startsWriting("parts"))).toEqual([
    "stopping: what is under way ends first; what has landed stays…",
    "stopped at once. What was under way is not settled: the next run of the same command finishes it first.",
  ]);
});
