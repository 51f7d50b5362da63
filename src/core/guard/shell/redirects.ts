/** Redirections: where a command reads from and what it writes to. */

import { hole, isKnown, type Word } from "../word.ts";
import { resolvePath } from "./paths.ts";
import type { Redirect, Script } from "./script.ts";
import type { Frame, Shell } from "./walk.ts";

export interface Opened {
  readonly stdin: Word | undefined;
  /** Files that take the standard output. */
  readonly outputs: readonly { readonly path: Word; readonly isAppended: boolean }[];
  /** Scripts of `> >(…)`. */
  readonly consumers: readonly Script[];
  /** Whether the standard output goes anywhere but to who asked for it. */
  readonly isDiverted: boolean;
  /** Whether a file is opened, so that the command may not even start. */
  readonly mayFail: boolean;
  /** Set where the errors go somewhere else than before. */
  readonly mergesErrors?: boolean;
}

const device = /^\/dev\/(?:null|stdin|stdout|stderr|tty|zero|fd\/\d+)$/;

export function openRedirects(redirects: readonly Redirect[], frame: Frame, shell: Shell): Opened {
  const opened: Opening = { stdin: frame.stdin, outputs: [], consumers: [], isDiverted: false, mayFail: false };
  for (const redirect of redirects) {
    const isInput = redirect.operator.startsWith("<") && redirect.operator !== "<>";
    if (isInput) openInput(redirect, opened, frame, shell);
    else openOutput(redirect, opened, frame, shell);
  }
  return opened;
}

interface Opening {
  stdin: Word | undefined;
  outputs: { path: Word; isAppended: boolean }[];
  consumers: Script[];
  isDiverted: boolean;
  mayFail: boolean;
  mergesErrors?: boolean;
}

function openInput({ operator, target, descriptor }: Redirect, opened: Opening, frame: Frame, shell: Shell): void {
  const texts = shell.expander(frame).texts(target);
  const [text = hole, ...others] = texts;
  const known = others.length > 0 ? hole : text;
  if (operator === "<&") {
    if ((descriptor ?? 0) === 0) opened.stdin = streamOf(known, shell) ?? opened.stdin;
    return;
  }
  const content = operator === "<" ? contentOf(known, frame, shell) : operator === "<<" ? known : `${known}\n`;
  if ((descriptor ?? 0) !== 0) {
    // By this path what is opened here is read again: `<&3`, `source /dev/fd/3`.
    shell.walk.files.write(`/dev/fd/${String(descriptor)}`, content ?? hole);
    return;
  }
  opened.mayFail ||= operator === "<";
  opened.stdin = content;
}

/** What was opened under a descriptor, one by variable under 99; `undefined` where nothing was. */
function streamOf(descriptor: Word, shell: Shell): Word | undefined {
  const path = `/dev/fd/${isKnown(descriptor) ? descriptor.replace(/-$/, "") : "99"}`;
  if (!shell.walk.files.isWritten(path)) return undefined;
  const content = shell.walk.files.read(path);
  return content.kind === "text" ? content.text : hole;
}

const isDescriptor = (operator: string, text: Word): boolean => operator === ">&" && /^\d*-?$/.test(text);

function openOutput(redirect: Redirect, opened: Opening, frame: Frame, shell: Shell): void {
  const { operator, target } = redirect;
  const isStdout = (redirect.descriptor ?? 1) === 1 || operator.startsWith("&");
  const [piece] = target;
  if (piece?.kind === "process" && piece.operator === ">") {
    opened.consumers.push(piece.script);
    opened.isDiverted ||= isStdout;
    return;
  }
  const texts = shell.expander(frame).texts(target);
  noteStreams(texts, redirect, opened, frame);
  for (const path of texts.flatMap((text) => pathsOf(text, operator, frame))) {
    writeEffect(path, frame, shell);
    if (isStdout) opened.outputs.push({ path, isAppended: operator.endsWith(">>") });
    else shell.walk.files.write(path, hole);
  }
}

/** Where the output and the errors go from here on. */
function noteStreams(texts: readonly Word[], { operator, descriptor }: Redirect, opened: Opening, frame: Frame): void {
  const isAll = operator.startsWith("&");
  const isSame = texts.every((text) => isDescriptor(operator, text));
  // What is printed as an error is no output, unless errors are taken for such further out.
  const isError = texts.every((text) => text === "2") && frame.mergesErrors !== true && opened.mergesErrors !== true;
  if (isAll || (descriptor ?? 1) === 1) opened.isDiverted ||= !isSame || isError;
  opened.mayFail ||= !isSame && !texts.every((text) => device.test(text));
  if (isAll || descriptor === 2) opened.mergesErrors = isAll || texts.every((text) => text === "1");
}

function pathsOf(text: Word, operator: string, frame: Frame): readonly Word[] {
  if (isDescriptor(operator, text) || device.test(text)) return [];
  return frame.environment.folders.map((folder) => resolvePath(folder, text));
}

function writeEffect(path: Word, frame: Frame, shell: Shell): void {
  shell.walk.effect({ tool: ">", verb: "write", destination: { kind: "file", path }, through: frame.through });
}

function contentOf(path: Word, frame: Frame, shell: Shell): Word | undefined {
  if (path === "/dev/null") return "";
  if (path === "/dev/stdin" || path === "/dev/fd/0" || path === "/dev/tty") return frame.stdin;
  const texts = frame.environment.folders.map((folder) => {
    const content = shell.walk.files.read(resolvePath(folder, path));
    // What is not there yet may be by then.
    return content.kind === "text" ? content.text : hole;
  });
  const [only = hole, ...others] = new Set(texts);
  return others.length > 0 ? hole : only;
}

/** Lands what was printed in the files. */
export function landOutput(opened: Opened, text: Word, shell: Shell): void {
  for (const { path, isAppended } of opened.outputs) {
    if (isAppended) shell.walk.files.append(path, text);
    else shell.walk.files.write(path, text);
  }
}
