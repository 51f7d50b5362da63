/** Programs with another business, one of whose options, words or variables is a command. */

import type { Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";
import { joinReadings, shellOf, type Wrapped } from "./options.ts";

interface CommandPlaces {
  /** Options whose value is text for a shell, or a command line: the next word, or what stands behind `=`. */
  readonly options?: string;
  /** What a word begins with before such a text: `--checkpoint-action=exec=`, `+!`. */
  readonly openings?: string;
  /** Variables that the program reads such a text from. */
  readonly variables?: string;
}

const editors = "VISUAL EDITOR";
const pagers = "PAGER MANPAGER LESSOPEN LESSCLOSE";

const table: Readonly<Record<string, CommandPlaces>> = {
  tar: {
    options: "-I --use-compress-program --to-command --info-script --new-volume-script --rsh-command -F",
    openings: "--checkpoint-action=exec=",
  },
  split: { options: "--filter" },
  rsync: { options: "-e --rsh --rsync-path", variables: "RSYNC_RSH RSYNC_CONNECT_PROG" },
  zip: { options: "-TT --unzip-command" },
  sort: { options: "--compress-program" },
  install: { options: "--strip-program" },
  man: { options: "-P --pager -H --html", variables: `MANPAGER PAGER BROWSER ${editors}` },
  less: { openings: "+!", variables: "LESSOPEN LESSCLOSE LESSEDIT" },
  crontab: { variables: editors },
  visudo: { variables: `SUDO_EDITOR ${editors}` },
  sudoedit: { variables: `SUDO_EDITOR ${editors}` },
  vipw: { variables: editors },
  gh: { variables: `GH_EDITOR GH_PAGER GH_BROWSER BROWSER ${pagers} ${editors}` },
  hg: { options: "--ssh -e", variables: `HGEDITOR HGMERGE ${editors}` },
  svn: { options: "--editor-cmd --diff-cmd --diff3-cmd", variables: `SVN_EDITOR SVN_SSH ${editors}` },
  psql: { variables: `PSQL_PAGER PAGER PSQL_EDITOR ${editors}` },
  mysql: { options: "--pager", variables: "PAGER" },
  aws: { variables: "AWS_PAGER PAGER" },
  systemctl: { variables: "SYSTEMD_PAGER PAGER SYSTEMD_EDITOR" },
  journalctl: { variables: "SYSTEMD_PAGER PAGER" },
  wget: { options: "--use-askpass" },
  scp: { options: "-S" },
  sftp: { options: "-S" },
  ssh: { variables: "SSH_ASKPASS" },
  kubectl: { variables: `KUBE_EDITOR ${editors} KUBECTL_EXTERNAL_DIFF` },
  ansible: { options: "-a --args" },
  complete: { options: "-C" },
  compgen: { options: "-C" },
  mapfile: { options: "-C" },
  readarray: { options: "-C" },
  ctest: { options: "--test-command" },
  ncat: { options: "-e --exec -c --sh-exec" },
  nc: { options: "-e -c" },
  socat: { openings: "EXEC: SYSTEM: exec: system:" },
  logrotate: { options: "-m --mail" },
  mutt: { variables: editors },
  fzf: { options: "--preview", variables: "FZF_DEFAULT_COMMAND" },
};

const named = (text: string | undefined): readonly string[] => (text ?? "").split(" ").filter((name) => name !== "");

/** What runs besides; `undefined` where nothing does. */
export function readOptionCommands({ program, args, invocation }: Wrapped): Reading | undefined {
  const places = Object.hasOwn(table, program) ? table[program] : undefined;
  if (places === undefined) return undefined;
  const options = new Set(named(places.options));
  const openings = named(places.openings);
  const texts = args.flatMap((word, index): Word[] => {
    if (options.has(word)) return [args[index + 1] ?? ""];
    const opening = openings.find((one) => word.startsWith(one));
    if (opening !== undefined) return [word.slice(opening.length)];
    const equals = word.indexOf("=");
    return equals > 0 && options.has(word.slice(0, equals)) ? [word.slice(equals + 1)] : [];
  });
  const set = named(places.variables).flatMap((name) => invocation.env.get(name) ?? []);
  const readable = [...texts, ...set].filter((text) => text.replaceAll(hole, "").trim() !== "");
  return readable.length === 0 ? undefined : joinReadings(readable.map((text) => shellOf(text, `${program}, by an option`)));
}
