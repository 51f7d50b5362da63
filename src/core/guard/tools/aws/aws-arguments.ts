/** How the AWS CLI reads its words. Source: "Command line options" and "Parameters" in its user guide. */

import { hole, type Word } from "../../word.ts";
import { words } from "../arguments.ts";
import { textOf, type Call } from "../reading-of.ts";

/** Global options without a value; every other option before the operation takes one. */
const globalFlags: ReadonlySet<string> = words(
  "--debug --no-verify-ssl --no-paginate --no-sign-request --no-cli-pager --cli-auto-prompt --no-cli-auto-prompt --version --no-progress --dryrun --recursive --quiet --delete --only-show-errors --force",
);

export interface AwsCall {
  /** `s3`, `dynamodb`; a hole where it is unknown; "" where there is none. */
  readonly service: Word;
  readonly operation: Word;
  /** What follows the operation, and options between the words. */
  readonly rest: readonly Word[];
}

/** The service and the operation, wherever options stand. */
export function readAwsWords(args: readonly Word[]): AwsCall {
  const found: Word[] = [];
  const rest: Word[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (found.length === 2) {
      rest.push(...args.slice(at));
      break;
    }
    if (!word.startsWith("-")) found.push(word);
    else {
      rest.push(word);
      if (!word.includes("=") && !globalFlags.has(word) && at + 1 < args.length) {
        at += 1;
        rest.push(args[at] ?? "");
      }
    }
  }
  return { service: found[0] ?? "", operation: found[1] ?? "", rest };
}

/** Parameters of an operation: every option takes all words up to the next one. */
export class Parameters {
  readonly call: Call;
  readonly given: ReadonlyMap<string, readonly Word[]>;
  /** Whether words stand there that may be options themselves. */
  readonly hasUnknownWords: boolean;
  readonly #input: Word;

  constructor(call: Call, rest: readonly Word[]) {
    this.call = call;
    this.given = collect(rest);
    this.hasUnknownWords = rest.some((word) => word.startsWith(hole));
    this.#input = this.#inputText();
  }

  /** A parameter by its name in options (`table-name`), else by its name in JSON (`TableName`); a hole where it cannot be told. */
  value(name: string, jsonName: string = pascal(name)): Word | undefined {
    const [first] = this.all(name);
    return first ?? this.inInput(jsonName);
  }

  /** Every word of a parameter. Abbreviations count, as argparse takes them. */
  all(name: string): Word[] {
    const option = this.given.get(`--${name}`) ?? abbreviated(this.given, name);
    return (option ?? []).map((word) => this.#loaded(word));
  }

  has(name: string): boolean {
    return this.given.has(`--${name}`) || abbreviated(this.given, name) !== undefined;
  }

  /** All text in which names may stand: every value and the input documents, except of the options named. */
  text(except: ReadonlySet<string> = new Set()): Word {
    const values = [...this.given].flatMap(([name, held]) => (except.has(name) ? [] : held.map((word) => this.#loaded(word))));
    return [...values, this.#input].join("\n");
  }

  /** A field of `--cli-input-json` or `-yaml`; a hole where the document is not readable. */
  inInput(jsonName: string): Word | undefined {
    if (this.#input === "") return this.hasUnknownWords ? hole : undefined;
    const found = new RegExp(`(?:^|[\\s{,])["']?${jsonName}["']?\\s*:\\s*(?:"([^"]*)"|'([^']*)'|([^\\s,}"']+))`, "u").exec(this.#input);
    if (found !== null) return found[1] ?? found[2] ?? found[3];
    return this.#input.includes(hole) ? hole : undefined;
  }

  #inputText(): Word {
    return [...this.all("cli-input-json"), ...this.all("cli-input-yaml")].join("\n");
  }

  /** `file://` stands for what the file holds, in every parameter. */
  #loaded(word: Word): Word {
    const path = /^fileb?:\/\/(?<path>.*)$/su.exec(word)?.groups?.["path"];
    return path === undefined ? word : textOf(this.call, path).trimEnd();
  }
}

function collect(rest: readonly Word[]): Map<string, Word[]> {
  const given = new Map<string, Word[]>([["", []]]);
  let held = given.get("") ?? [];
  for (const word of rest) {
    if (!word.startsWith("--")) {
      held.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    // Of an option that is given twice, the last one counts.
    held = [];
    given.set(name, held);
    if (equals >= 0) held.push(word.slice(equals + 1));
  }
  return given;
}

const abbreviationMin = 3;

function abbreviated(given: ReadonlyMap<string, readonly Word[]>, name: string): readonly Word[] | undefined {
  for (const [option, held] of given) {
    if (option.length >= abbreviationMin + 2 && `--${name}`.startsWith(option)) return held;
  }
  return undefined;
}

const pascal = (name: string): string => name.replace(/(?:^|-)(?<letter>[a-z])/gu, (_, letter: string) => letter.toUpperCase());

/** Operations that leave everything as it is. Verbs by which AWS names its operations. */
const readVerbs =
  /^(?:get|list|describe|head|batch-get|batch-describe|batch-check|query|scan|lookup|search|select|wait|help|validate|preview|simulate|detect|test|estimate|filter|view|check|verify|export-credentials|tail|summarize|discover|retrieve|transact-get|count|is|poll-for|download|diff|ls|presign|decode|generate-cli-skeleton|generate-credential-report|generate-presigned|start-query|stop-query|receive|compare|evaluate|assess|resolve|show|find|explain)(?:-|$)/u;

export const isRead = (operation: Word): boolean => readVerbs.test(operation);
