/** What people publish to a bucket with today, told to talk to the sandbox; each says when it has nothing to do. */

import { hasProgram, program } from "./measure.mjs";

const remote = "bench";

/** An rclone remote is described in its environment, so that nobody's own configuration is read. */
const rcloneEnv = ({ endpoint, env }) => ({
  ...env,
  RCLONE_CONFIG: "/dev/null",
  [`RCLONE_CONFIG_${remote.toUpperCase()}_TYPE`]: "s3",
  [`RCLONE_CONFIG_${remote.toUpperCase()}_PROVIDER`]: "Other",
  [`RCLONE_CONFIG_${remote.toUpperCase()}_ENV_AUTH`]: "true",
  [`RCLONE_CONFIG_${remote.toUpperCase()}_ENDPOINT`]: endpoint,
  [`RCLONE_CONFIG_${remote.toUpperCase()}_REGION`]: env.AWS_REGION,
});

const s5cmd = (sandbox, ...words) => ["s5cmd", "--endpoint-url", sandbox.endpoint, "--numworkers", "64", ...words];

/** Tools that tell whether a folder and a bucket are the same. `hasWork` reads from their answer that they think they are not. */
export function comparers(sandbox, { site, bucket, cwd }) {
  const tools = [
    {
      ...program("`aws s3 sync --dryrun` (sizes and times)", ["aws", "s3", "sync", site, `s3://${bucket}`, "--dryrun"], {
        cwd,
        env: sandbox.env,
      }),
      hasWork: ({ stdout }) => stdout.includes("upload:"),
    },
    {
      ...program(
        "`rclone sync --dry-run --checksum` (hashes)",
        ["rclone", "sync", "--dry-run", "--checksum", "--fast-list", "--checkers", "64", site, `${remote}:${bucket}`],
        { cwd, env: rcloneEnv(sandbox) },
      ),
      hasWork: ({ stderr }) => stderr.includes("--dry-run is set"),
    },
    {
      // It ends with 1 where anything differs.
      ...program("`rclone check` (hashes)", ["rclone", "check", "--fast-list", "--checkers", "64", site, `${remote}:${bucket}`], {
        cwd,
        env: rcloneEnv(sandbox),
      }),
      hasWork: () => false,
    },
    {
      ...program("`s5cmd --dry-run sync` (sizes and times)", s5cmd(sandbox, "--dry-run", "sync", `${site}/`, `s3://${bucket}/`), {
        cwd,
        env: sandbox.env,
      }),
      hasWork: ({ stdout }) => stdout.trim() !== "",
    },
  ];
  return tools.filter(isHere);
}

/** Tools that upload a folder into an empty bucket. */
export function publishers(sandbox, { site, bucket, cwd }) {
  const tools = [
    program("`aws s3 sync`", ["aws", "s3", "sync", site, `s3://${bucket}`, "--only-show-errors"], { cwd, env: sandbox.env }),
    program("`rclone copy --transfers 64`", ["rclone", "copy", "--transfers", "64", "--quiet", site, `${remote}:${bucket}`], {
      cwd,
      env: rcloneEnv(sandbox),
    }),
    program("`s5cmd sync --numworkers 64`", s5cmd(sandbox, "--log", "error", "sync", `${site}/`, `s3://${bucket}/`), {
      cwd,
      env: sandbox.env,
    }),
  ];
  return tools.filter(isHere);
}

/** The buckets that `syncers` copy into. */
export const toolBucketsOf = (from) => [`${from}-aws`, `${from}-s5cmd`];

/** Tools that copy a bucket into another one, each into one of its own. */
export function syncers(sandbox, { from, cwd }) {
  const tools = [
    {
      bucket: `${from}-aws`,
      tool: program("`aws s3 sync` between buckets", ["aws", "s3", "sync", `s3://${from}`, `s3://${from}-aws`, "--only-show-errors"], {
        cwd,
        env: sandbox.env,
      }),
    },
    {
      bucket: `${from}-s5cmd`,
      tool: program("`s5cmd sync` between buckets", s5cmd(sandbox, "--log", "error", "sync", `s3://${from}/*`, `s3://${from}-s5cmd/`), {
        cwd,
        env: sandbox.env,
      }),
    },
  ];
  return tools.filter(({ tool }) => isHere(tool));
}

const isHere = ({ words: [name] }) => hasProgram(name);

export const s3Tools = ["aws", "rclone", "s5cmd"];
