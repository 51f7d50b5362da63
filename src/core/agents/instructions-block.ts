/** The marked block of belay in a file of instructions. */

export type Sha256 = (text: string) => string;

export const blockText = (body: string, sha256: Sha256): string =>
  `<!-- belay:begin v1 sha256=${sha256(body)} -->\n${body}<!-- belay:end -->`;

/** Whether CLAUDE.md takes AGENTS.md in: an import on a line of its own, outside of code. `undefined`: there is none. */
export const importsAgents = (text = ""): boolean =>
  text
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gmu, "")
    .split(/\r?\n/u)
    .some((line) => /^\s*(?:[-*]\s+)?@(?:\.\/)?AGENTS\.md\s*$/u.test(line));
