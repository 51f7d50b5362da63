/** Every call of a program, shown to those who know what calls do. */

import type { CodeLanguage } from "../invocation.ts";
import type { Arguments } from "./arguments.ts";
import { awsCall } from "./aws-calls.ts";
import { dynamicCall } from "./dynamic-calls.ts";
import type { ClientEndpoints } from "./client-endpoints.ts";
import type { Evaluator } from "./evaluator.ts";
import { fileCall } from "./file-calls.ts";
import type { Call, Findings } from "./findings.ts";
import { httpCall } from "./http-calls.ts";
import { openedCommand, processCall } from "./process-calls.ts";
import type { Block, CallExpr, Program } from "./syntax.ts";
import { wordsOf } from "./value.ts";
import type { Value } from "./value.ts";

/** A program that is being read. */
export interface CodeReading {
  readonly language: CodeLanguage;
  readonly program: Program;
  readonly evaluator: Evaluator;
  readonly findings: Findings;
  readonly mentionsCloud: boolean;
  readonly mayHide: boolean;
  readonly endpoints: ClientEndpoints;
  /** Reads text that the program runs itself into the program, where it stands. */
  readonly run: (text: string, block: Block) => void;
}

const callsMax = 6000;

function asCall({ callee, args }: Made, expr: CallExpr, { language, program, mentionsCloud, mayHide }: CodeReading): Call | undefined {
  const common = { args, isTagged: expr.isTagged, language, mentionsCloud, mayHide };
  if (callee.kind === "symbol") {
    const dot = callee.path.lastIndexOf(".");
    const name = callee.path.slice(dot + 1);
    const receiver: Value | undefined = dot > 0 ? { kind: "symbol", path: callee.path.slice(0, dot) } : undefined;
    return { ...common, callee, name, path: callee.path, receiver, isOwn: program.functions.has(name) };
  }
  if (callee.kind === "member") {
    return { ...common, callee, name: callee.name, path: "", receiver: callee.of, isOwn: program.functions.has(callee.name) };
  }
  return undefined;
}

const withoutFirst = (args: Arguments, count = 1): Arguments => ({ ...args, positional: args.positional.slice(count) });

/** Functions that call what they are handed, with the arguments behind it. */
const passers =
  /^(?:submit|to_thread|run_in_executor|run_sync|apply_async|apply|start_soon|partial|call_soon|call_later|delayed|create_task|retry|wraps|bind|call|promisify|Thread|Process|Timer|map|starmap|filter|forEach|each|retry_call|callMethod|call_user_func|call_user_func_array)$/;

/** A call, and the calls that it makes of what it is handed: `submit(s3.upload_file, …)`, `s3.putObject.call(s3, …)`, `client.send(:put_object, …)`. */
function callsOf(callee: Value, expr: CallExpr, reading: CodeReading): readonly Call[] {
  const args = reading.evaluator.args(expr.args);
  const call = asCall({ callee, args }, expr, reading);
  if (call === undefined) return [];
  const others = [...sentTo(call), ...boundOf(callee, args), ...handedOver(call)];
  return [call, ...others.flatMap((made) => asCall(made, expr, reading) ?? [])];
}

interface Made {
  readonly callee: Value;
  readonly args: Arguments;
}

/** Ruby's `client.send(:put_object, …)`. */
const sentTo = ({ language, name, args, receiver }: Call): readonly Made[] =>
  language === "ruby" && /^(?:send|public_send|__send__|method)$/.test(name)
    ? wordsOf(args.positional[0] ?? []).map((sent) => ({
        callee: { kind: "member", of: receiver ?? { kind: "unknown" }, name: sent },
        args: withoutFirst(args),
      }))
    : [];

/** `s3.putObject.call(s3, …)`. */
const boundOf = (callee: Value, args: Arguments): readonly Made[] =>
  callee.kind === "member" && callee.of.kind === "member" && /^(?:call|apply|bind)$/.test(callee.name)
    ? [{ callee: callee.of, args: withoutFirst(args) }]
    : [];

/** `submit(s3.upload_file, …)`, `Thread(target=s3.upload_file, args=(…))`. */
function handedOver({ name, args }: Call): readonly Made[] {
  if (!passers.test(name)) return [];
  const [list] = args.named.get("args") ?? [];
  const handed: Arguments =
    list?.kind === "list"
      ? { positional: list.items, named: new Map(), isOpen: list.isOpen }
      : { positional: [], named: new Map(), isOpen: true };
  const targets = (args.named.get("target") ?? []).filter(isCallable).map((callee) => ({ callee, args: handed }));
  const first = args.positional.flatMap((values, place) =>
    values.filter(isCallable).map((callee) => ({ callee, args: withoutFirst(args, place + 1) })),
  );
  return [...targets, ...first];
}

/** Methods of clients and the like, and functions of modules that start programs. */
const isCallable = (value: Value): boolean =>
  (value.kind === "member" && value.of.kind === "thing") ||
  (value.kind === "symbol" && /^(?:os|subprocess|shutil|child_process|fs|requests)\./.test(value.path));

function readCall(expr: CallExpr, reading: CodeReading): void {
  const { evaluator, findings } = reading;
  for (const call of evaluator.values(expr.callee).flatMap((callee) => callsOf(callee, expr, reading))) {
    reading.endpoints.note(call);
    if (dynamicCall(call, findings, (text) => reading.run(text, expr.block))) continue;
    if (openedCommand(call, findings) || processCall(call, findings) || awsCall(call, findings)) continue;
    if (!fileCall(call, findings)) httpCall(call, findings);
  }
}

/** Reads all calls, those included that come in while reading. */
export function readCalls(reading: CodeReading): void {
  const { program, evaluator, findings } = reading;
  for (let at = 0; at < program.calls.length; at += 1) {
    const expr = program.calls[at];
    if (expr === undefined) continue;
    if (at >= callsMax) {
      program.isCut = true;
      return;
    }
    if (expr.kind === "call") readCall(expr, reading);
    else for (const text of evaluator.wordsOfParts(expr.parts)) findings.shell(text, "`…`");
  }
}
