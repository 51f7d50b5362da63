/** How every verb answers: one JSON document, or lines for people. */

import type { BelayError } from "../../core/belay-error.ts";
import { plain } from "./plain-text.ts";
import type { Screen, View } from "./screen.ts";
import { widthOf, wrap } from "./text-width.ts";
import { withSite } from "./with-site.ts";

/** One document on stdout; `format` comes first. */
export function printJson(screen: Screen, fields: Readonly<Record<string, unknown>>): void {
  screen.print(JSON.stringify({ format: 1, ...fields }, undefined, 2));
}

/** An error in the shape of every `--json` answer. */
export const errorFields = ({
  code,
  message,
  remedy,
}: Pick<BelayError, "message" | "remedy"> & { readonly code: string }): Record<string, unknown> => ({
  error: { code, message, remedy },
});

/** `next:` with a command, or with the one thing to do; of several lines each stands under the first. */
export function nextLines(remedy: string, { columns, paint, site }: View): string[] {
  const label = "  next: ";
  const indent = " ".repeat(label.length);
  // A command is never broken: it is there to be pasted.
  const told = withSite(remedy, site)
    .split("\n")
    .flatMap((line) =>
      remedyParts(plain(line), columns - label.length).flatMap((part) =>
        part.startsWith("belay ") ? [paint.bold(part)] : wrap(part, { width: columns - label.length }),
      ),
    );
  return told.map((line, at) => (at === 0 ? label : indent) + line);
}

/** A sentence before a command, and a remark behind one that leaves no room for it, stand on lines of their own. */
function remedyParts(line: string, width: number): string[] {
  const led = /^(?!belay )(.+:) (belay .+)$/u.exec(line);
  if (led) return [led[1] ?? "", led[2] ?? ""];
  const followed = /^(belay .*?) {2,}(\(.*\))$/u.exec(line);
  return followed && widthOf(line) > width ? [followed[1] ?? "", followed[2] ?? ""] : [line];
}

/** What went wrong, behind a cross; further lines of the message stand below it as they are. */
export function failedLines(message: string, { columns, paint }: View): string[] {
  const [first = "", ...others] = message.split("\n");
  const head = wrap(plain(first), { width: columns - 2 });
  const lines = head.map((line, at) => (at === 0 ? `${paint.red("✖")} ${paint.bold(line)}` : `  ${paint.bold(line)}`));
  return [...lines, ...others.map((line) => `  ${plain(line)}`)];
}

/** A failure with its way on. */
export const failureLines = ({ message, remedy }: { readonly message: string; readonly remedy: string }, view: View): string[] => [
  ...failedLines(message, view),
  ...nextLines(remedy, view),
];
