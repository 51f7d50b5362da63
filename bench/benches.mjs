/** What is measured: each bench takes a ground and gives the lines of its table. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { belay, columns, hasProgram, program, ratio, run, shownMs, timed } from "./measure.mjs";
import { addCopy, keyOf, openGround, pageOf, put } from "./site.mjs";

const deployAll = (copy) => run(belay("first deploy", ["deploy", "staging", "--yes", "--change", "all"], { cwd: copy }));
/** Times younger than two seconds are not believed by the digest cache, so a warm cache needs a rest and a look. */
function warm(copy) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
  run(belay("warming", ["status"], { cwd: copy }));
  run(belay("warming", ["status"], { cwd: copy }));
}

export function startUp({ runs }) {
  const ground = openGround();
  try {
    const { copy } = addCopy(ground, "small", 12);
    deployAll(copy);
    warm(copy);
    const [bare, version, status] = timed(
      [
        program("node -e 0", [process.execPath, "-e", "0"], { cwd: copy }),
        belay("--version", ["--version"], { cwd: copy }),
        belay("status", ["status"], { cwd: copy }),
      ],
      runs * 3,
    );
    const loaded = join(ground.folder, "modules.txt");
    const preload = new URL("list-modules.mjs", import.meta.url).href;
    run(belay("status", ["status"], { cwd: copy, env: { NODE_OPTIONS: `--import=${preload}`, MODULES_FILE: loaded } }));
    const files = readFileSync(loaded, "utf8")
      .trim()
      .split("\n")
      .filter((url) => !url.endsWith("list-modules.mjs"));
    const bytes = files.reduce((sum, url) => sum + readFileSync(new URL(url)).byteLength, 0);
    const aws = files.filter((url) => /aws-sdk|@smithy|client-s3/u.test(readFileSync(new URL(url), "utf8")));
    return [
      ["`node -e 0`", ...columns(bare), ""],
      ["`belay --version`", ...columns(version, bare), `+${shownMs(version.leastMs - bare.leastMs)} (aim: +30 ms)`],
      ["`belay status`, 12 files", ...columns(status, bare), `+${shownMs(status.leastMs - bare.leastMs)} (aim: +80 ms)`],
      [
        "what `status` loads",
        "",
        "",
        "",
        `${files.length} files, ${(bytes / 1024).toFixed(0)} KiB; ${aws.length} of them hold code of the AWS SDK`,
      ],
    ];
  } finally {
    ground.remove();
  }
}

const git = (...words) => ["git", "-c", "user.name=b", "-c", "user.email=b@example.com", ...words];

export function unchanged({ runs, counts }) {
  return counts.flatMap((count) => {
    const ground = openGround();
    try {
      const { copy, site, live } = addCopy(ground, "site", count);
      // Live and local are the same from the start: the first look notes it.
      run(program("copy", ["cp", "-r", site, live]));
      warm(copy);
      const others = [];
      if (hasProgram("git")) {
        for (const words of [git("init", "-q"), git("add", "."), git("commit", "-qm", "all")]) run(program("git", words, { cwd: site }));
        others.push(program("`git status`", ["git", "status", "--porcelain"], { cwd: site }));
      }
      if (hasProgram("rclone")) {
        const words = ["--checkers", "16", "--exclude", ".git/**"];
        others.push(program("`rclone check` (sizes and times)", ["rclone", "check", "--size-only", ...words, site, live], { cwd: copy }));
        others.push(program("`rclone check` (hashes)", ["rclone", "check", ...words, site, live], { cwd: copy }));
      }
      const programs = [belay("`belay status`", ["status"], { cwd: copy }), ...others];
      const times = timed(programs, count > 20_000 ? 3 : runs);
      return programs.map(({ name }, at) => [`${name}, ${count} files`, ...columns(times[at], times[0]), ""]);
    } finally {
      ground.remove();
    }
  });
}

export function onePage({ runs }) {
  const sizes = [100, 1000, 10_000];
  const first = { time: undefined, calls: 0 };
  return sizes.map((count) => {
    const ground = openGround();
    try {
      // All pages in one folder: the number of its neighbours is what must not matter.
      const { copy, site } = addCopy(ground, "site", count, (at) => `page-${at}.html`);
      deployAll(copy);
      warm(copy);
      let edits = 0;
      const prepare = () => put(join(site, "page-7.html"), pageOf(7, `edit ${(edits += 1)}`));
      const deploy = belay("deploy", ["deploy", "staging", "page-7.html", "--yes"], { cwd: copy, prepare });
      const [time] = timed([deploy], runs);
      prepare();
      const file = join(ground.folder, "counts.json");
      const preload = new URL("count-calls.mjs", import.meta.url).href;
      run({ ...deploy, env: { NODE_OPTIONS: `--import=${preload}`, COUNT_FILE: file } });
      const calls = JSON.parse(readFileSync(file, "utf8"));
      const all = Object.values(calls).reduce((sum, calledTimes) => sum + calledTimes, 0);
      if (count === sizes[0]) Object.assign(first, { time, calls: all });
      const told = ["open", "lstat", "readdir", "fsync"].map((name) => `${calls[name] ?? 0} ${name}`).join(", ");
      return [`one page of ${count}, by path`, ...columns(time, first.time), `${all} calls (${ratio(all, first.calls)}): ${told}`];
    } finally {
      ground.remove();
    }
  });
}

export function firstPublish({ runs, publishCount }) {
  const ground = openGround();
  try {
    const { copy, site, live } = addCopy(ground, "site", publishCount);
    const other = join(ground.folder, "other");
    const clear = () => rmSync(other, { recursive: true, force: true });
    const forget = () => {
      for (const path of [live, join(copy, ".belay"), join(ground.folder, `.site-live.belay`)])
        rmSync(path, { recursive: true, force: true });
    };
    const programs = [
      belay("`belay deploy`", ["deploy", "staging", "--yes"], { cwd: copy, prepare: forget }),
      program("`cp -r`", ["cp", "-r", site, other], { prepare: clear }),
      ...(hasProgram("rclone") ? [program("`rclone copy`", ["rclone", "copy", "--transfers", "16", site, other], { prepare: clear })] : []),
    ];
    const times = timed(programs, Math.min(runs, 3));
    return programs.map(({ name }, at) => [
      `${name}, ${publishCount} files`,
      ...columns(times[at], times[0]),
      at === 0
        ? `${(times[at].leastMs / publishCount).toFixed(2)} ms a file: hashed, synced to disk, read back, recorded`
        : "no sync, no record",
    ]);
  } finally {
    ground.remove();
  }
}

export function refusal({ runs }) {
  let first;
  return [20, 400, 4000].map((paragraphs) => {
    const ground = openGround();
    try {
      const { copy, site, live } = addCopy(ground, "site", 1);
      const page = (version) =>
        `<!doctype html>\n<h1>Tours ${version}</h1>\n${Array.from({ length: paragraphs }, (_, at) => `<p class="tour">Tour ${at}, every ${(at * (at % 9 === 0 ? version : 1)) % 24} hours: <a href="/book/${at}">book</a></p>`).join("\n")}\n`;
      for (let version = 1; version <= 4; version += 1) {
        put(join(site, keyOf(0)), page(version));
        deployAll(copy);
      }
      writeFileSync(join(live, keyOf(0)), page(5));
      put(join(site, keyOf(0)), page(2).replace("Tours 2", "Tours 2, mine"));
      const words = ["deploy", "staging", "--yes"];
      const [time] = timed([belay("refusal", words, { cwd: copy, exits: [8] })], runs);
      const kib = Math.round(page(5).length / 1024);
      first ??= time;
      return [`refusal of a stale page of ${kib} KiB, 4 releases`, ...columns(time, first), `${paragraphs} paragraphs and links on it`];
    } finally {
      ground.remove();
    }
  });
}
