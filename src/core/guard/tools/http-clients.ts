/** curl, wget, HTTPie and xh: requests that change something, by method. Sources: their manuals. */

import type { Effect } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";
import { has, parseArguments, valueOf, valuesOf, words, type Arguments } from "./arguments.ts";
import { effectOf, filePlace, reading, textOf, type Call, type ToolReader } from "./reading-of.ts";
import { requestEffect } from "./request-effect.ts";

const curlValued: ReadonlySet<string> = words(
  "-A --user-agent -b --cookie -c --cookie-jar -C --continue-at -d --data --data-ascii --data-binary --data-raw --data-urlencode --json -D --dump-header -e --referer -E --cert -F --form --form-string -H --header -K --config -m --max-time -o --output --output-dir -P --ftp-port -Q --quote -r --range -t --telnet-option -T --upload-file -u --user -U --proxy-user -w --write-out -x --proxy -X --request -y --speed-time -Y --speed-limit -z --time-cond --aws-sigv4 --url --url-query --variable --cacert --capath --connect-timeout --connect-to --resolve --retry --retry-delay --retry-max-time --limit-rate --key --cert-type --key-type --interface --max-filesize --max-redirs --oauth2-bearer --request-target --service-name --socks5 --socks5-hostname --stderr --trace --trace-ascii --unix-socket --proto --proto-redir --proto-default --tls-max --ciphers --dns-servers --doh-url --noproxy --pinnedpubkey --netrc-file --expect100-timeout --keepalive-time --hostpubmd5 --hsts --alt-svc --etag-save --etag-compare --create-file-mode --parallel-max --rate --local-port --login-options --mail-from --mail-rcpt --pass --proxy-header --preproxy --sasl-authzid --libcurl",
);

const uploads = [
  "-d",
  "--data",
  "--data-ascii",
  "--data-binary",
  "--data-raw",
  "--data-urlencode",
  "--json",
  "-F",
  "--form",
  "--form-string",
];
const configDepthMax = 3;

function readCurl(call: Call): Reading {
  const all = withConfigs(call, call.args, 0);
  const effects: Effect[] = [];
  for (const request of splitAt(all, new Set(["--next", "-:"]))) effects.push(...curlRequest(call, request));
  return reading(...effects);
}

/** curl makes several addresses of `{a,b}` and `[1-3]`. */
const glob = /\{[^{}]*\}|\[[^[\]]*\]/gu;

function curlRequest(call: Call, args: readonly Word[]): Effect[] {
  const given = parseArguments(abbreviatedAsLong(args), { valued: curlValued });
  const isLiteral = has(given, "-g", "--globoff");
  const urls = [...valuesOf(given, "--url"), ...given.operands].map((url) => (isLiteral ? url : url.replaceAll(glob, hole)));
  const method = curlMethod(given);
  // A host in a header is the one that S3 goes by.
  const hosts = valuesOf(given, "-H", "--header").flatMap((header) => /^host:\s*(?<host>\S+)/iu.exec(header)?.groups?.["host"] ?? []);
  const asked = hosts.flatMap((host) => urls.map((url) => `https://${host}/${url.replace(/^(?:[a-z]+:\/\/)?[^/]*\/?/iu, "")}`));
  const sent = [...urls, ...asked].flatMap((url) => requestEffect(call, method, url));
  return [...sent, ...curlFiles(call, given, urls)];
}

function curlMethod(given: Arguments): Word {
  const asked = valueOf(given, "-X", "--request");
  if (asked !== undefined) return asked;
  if (has(given, "-T", "--upload-file")) return "PUT";
  if (has(given, "-G", "--get", "-I", "--head")) return "GET";
  return has(given, ...uploads) ? "POST" : "GET";
}

/** Names of options that curl would take for the one they begin. */
function abbreviatedAsLong(args: readonly Word[]): Word[] {
  return args.map((option, at) => {
    // `--expand-url` fills in variables of curl's own.
    const word =
      args[at - 1]?.startsWith("--expand-") === true ? option.replaceAll(/\{\{[^}]*\}\}/gu, hole) : option.replace(/^--expand-/u, "--");
    const name = /^--(?<name>[a-z-]+)(?:=|$)/u.exec(word)?.groups?.["name"] ?? "";
    const full = ["--request", "--upload-file", "--data-binary", "--data-raw", "--config"].find(
      (one) => name.length > 4 && one.startsWith(`--${name}`) && one !== `--${name}` && !["--data"].includes(`--${name}`),
    );
    return full === undefined ? word : word.replace(`--${name}`, full);
  });
}

function curlFiles(call: Call, given: Arguments, urls: readonly Word[]): Effect[] {
  const folder = valueOf(given, "--output-dir");
  const within = (name: Word): Word => (folder === undefined ? name : `${folder}/${name}`);
  const named = [
    ...valuesOf(given, "-o", "--output").map(within),
    ...valuesOf(given, "-D", "--dump-header", "-c", "--cookie-jar", "--trace", "--trace-ascii", "--stderr", "--etag-save"),
  ];
  const remote = has(given, "-O", "--remote-name", "--remote-name-all")
    ? urls.map((url) => within(url.split(/[?#]/u)[0]?.split("/").at(-1) ?? ""))
    : [];
  return [...named, ...remote].flatMap((name) =>
    name === "-" || name === "" ? [] : [effectOf(call, { tool: "curl", verb: "write", destination: filePlace(call, name) })],
  );
}

/** `-K FILE` stands for the options in it, one a line: `upload-file = "x"`, `--url x`, `url: x`. */
function withConfigs(call: Call, args: readonly Word[], depth: number): Word[] {
  const given = parseArguments(args, { valued: curlValued });
  const files = valuesOf(given, "-K", "--config");
  if (files.length === 0 || depth >= configDepthMax) return [...args];
  return [...args, ...files.flatMap((file) => withConfigs(call, configWords(configText(call, file)), depth + 1))];
}

const configText = (call: Call, file: Word): Word => (file === "-" ? (call.invocation.stdin ?? "") : textOf(call, file));

function configWords(text: Word): Word[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*-{0,2}(?<name>[A-Za-z][\w-]*)\s*(?:[=:\s]\s*(?:"(?<quoted>(?:\\.|[^"\\])*)"|(?<bare>\S.*?)))?\s*$/u.exec(
      line,
    )?.groups;
    const name = found?.["name"];
    if (name === undefined || line.trim().startsWith("#")) return [];
    const value = found?.["quoted"]?.replaceAll(/\\(.)/gu, "$1") ?? found?.["bare"];
    const option = name.length === 1 ? `-${name}` : `--${name}`;
    return value === undefined ? [option] : [option, value];
  });
}

function splitAt(args: readonly Word[], marks: ReadonlySet<string>): Word[][] {
  const parts: Word[][] = [[]];
  for (const word of args) {
    if (marks.has(word)) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

const wgetValued: ReadonlySet<string> = words(
  "-o --output-file -a --append-output -i --input-file -O --output-document -P --directory-prefix -t --tries -T --timeout -w --wait -Q --quota -U --user-agent -e --execute -A -R -D -I -X -B --base -l --level --method --body-data --body-file --post-data --post-file --header --user --password --http-user --http-password --referer --limit-rate --load-cookies --save-cookies --certificate --private-key --ca-certificate --cut-dirs --config --waitretry --dns-timeout --connect-timeout --read-timeout --max-redirect --proxy-user --proxy-password --domains --exclude-domains --accept --reject --accept-regex --reject-regex --include-directories --exclude-directories --secure-protocol --default-page --bind-address --prefer-family --start-pos --retry-on-http-error",
);

function readWget(call: Call): Reading {
  const given = parseArguments(call.args, { valued: wgetValued });
  const method = valueOf(given, "--method") ?? (has(given, "--post-data", "--post-file") ? "POST" : "GET");
  const file = valueOf(given, "-O", "--output-document");
  const folder = valueOf(given, "-P", "--directory-prefix") ?? ".";
  const saved = file ?? `${folder}/${given.operands[0]?.split(/[?#]/u)[0]?.split("/").at(-1) ?? hole}`;
  const written =
    file === "-" || has(given, "--spider") || given.operands.length === 0
      ? []
      : [effectOf(call, { tool: "wget", verb: "write", destination: filePlace(call, saved) })];
  return reading(...given.operands.flatMap((url) => requestEffect(call, method, url)), ...written);
}

const httpieValued: ReadonlySet<string> = words(
  "-a --auth -A --auth-type --session --session-read-only -o --output -p --print --style -s --verify --cert --cert-key --timeout --proxy --max-redirects --pretty --boundary --raw --format-options --response-charset --response-mime --default-scheme --ssl --ciphers --max-headers --http-version --bearer --resolve --interface",
);

/** `http [METHOD] URL [ITEM…]`; without a method, POST where there is something to send. */
function readHttpie(call: Call): Reading {
  const given = parseArguments(call.args, { valued: httpieValued });
  if (given.options.has("--offline")) return reading();
  const [first = "", second] = given.operands;
  const asked = second !== undefined && isMethod(first) ? first : undefined;
  const [url = "", ...items] = asked === undefined ? given.operands : given.operands.slice(1);
  const sends = given.options.has("--raw") || call.invocation.stdin !== undefined || items.some(isBodyItem);
  const method = asked ?? (sends ? "POST" : "GET");
  const output = valueOf(given, "-o", "--output");
  const written = output === undefined ? [] : [effectOf(call, { tool: call.program, verb: "write", destination: filePlace(call, output) })];
  return reading(...requestEffect(call, method, url), ...written);
}

const isMethod = (word: Word): boolean => word === hole || /^(?:[A-Z]+|get|put|post|patch|delete|head|options)$/u.test(word);

// `name==value` is a query and `Name:value` a header; `name=value`, `name:=json` and `name@file` are a body.
const isBodyItem = (item: Word): boolean => !/^[^=:@]+(?:==|:(?!=))/u.test(item) && /[=@]/u.test(item);

/** By base name. */
export const httpReaders: readonly (readonly [string, ToolReader])[] = [
  ["curl", readCurl],
  // HTTPie's words, or curl's.
  ["curlie", (call) => (isMethod(parseArguments(call.args, { valued: curlValued }).operands[0] ?? "") ? readHttpie(call) : readCurl(call))],
  ["wget", readWget],
  ["wget2", readWget],
  ["http", readHttpie],
  ["https", readHttpie],
  ["xh", readHttpie],
  ["xhs", readHttpie],
  ["httpie", (call) => readHttpie({ ...call, args: call.args.slice(1) })],
];
