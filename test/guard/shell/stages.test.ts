/** Scripts for several stages: what is started for the one must not be judged by what they do for the other. */

import { describe, expect, it } from "vitest";
import { changesOf } from "./seen.ts";

const scripts: Readonly<Record<string, string>> = {
  case: `case "\${1:-staging}" in
  prod | production) aws s3 sync dist s3://shop-production ;;
  staging) aws s3 sync dist s3://shop-staging ;;
  *) echo usage >&2; exit 1 ;;
esac`,
  if: `set -euo pipefail
if [ $# -lt 1 ]; then echo "usage: $0 STAGE" >&2; exit 2; fi
STAGE=$1
if [ "$STAGE" = production ]; then B=shop-production
elif [ "$STAGE" = staging ]; then B=shop-staging
else echo "no stage $STAGE"; exit 1
fi
aws s3 sync dist "s3://$B" --delete`,
  functions: `#!/usr/bin/env bash
usage() { echo "usage: $0 STAGE"; exit 1; }
main() {
  local stage="\${1:-}"
  [[ -z "$stage" ]] && usage
  case "$stage" in staging) bucket=shop-staging ;; production) bucket=shop-production ;; *) usage ;; esac
  npm run build
  aws s3 sync dist "s3://\${bucket}"
}
if [[ "\${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi`,
  options: `while [ $# -gt 0 ]; do
  case $1 in
    --stage) STAGE=$2; shift 2 ;;
    -*) echo "no option $1" >&2; exit 2 ;;
    *) STAGE=$1; shift ;;
  esac
done
aws s3 sync dist s3://shop-$STAGE`,
  getopts: `STAGE=
while getopts s:v option "$@"; do
  case $option in s) STAGE=$OPTARG ;; v) set -x ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
aws s3 sync dist "s3://shop-\${STAGE:-$1}"`,
};

const bucketsOf = (command: string, body: string): readonly string[] =>
  [...new Set(changesOf(command, { "deploy.sh": body, "package.json": '{"scripts":{"deploy":"./deploy.sh staging"}}' }))].filter((change) =>
    change.includes(" bucket "),
  );

describe("a script for two stages", () => {
  it.each(Object.entries(scripts))("%s: started for staging, it writes to staging alone", (name, body) => {
    const word = name === "getopts" ? "-v -s staging" : name === "options" ? "--stage staging" : "staging";
    for (const command of [`./deploy.sh ${word}`, `bash deploy.sh ${word} && echo done`, `sudo -u ci ./deploy.sh ${word}`]) {
      expect(bucketsOf(command, body)).toEqual([expect.stringContaining("shop-staging")]);
    }
  });

  it.each(Object.entries(scripts))("%s: started for production, it writes there", (_, body) => {
    expect(bucketsOf("./deploy.sh production", body)).toEqual([expect.stringContaining("shop-production")]);
  });

  it.each(Object.entries(scripts))("%s: started for a stage that nobody knows, production may be it", (_, body) => {
    const buckets = bucketsOf(`./deploy.sh "$ANY"`, body).join(" ");
    expect(buckets).toMatch(/shop-production|shop-□|□/);
  });

  it("a package script that names the stage is as good as a word", () => {
    for (const body of [scripts["case"], scripts["if"], scripts["functions"]]) {
      expect(bucketsOf("npm run deploy", body ?? "")).toEqual([expect.stringContaining("shop-staging")]);
      expect(bucketsOf("npm run deploy", body ?? "")).not.toContain("production");
    }
  });

  it("a stage from the environment counts where the command sets it", () => {
    const body = `if [[ $STAGE == production ]]; then B=shop-production; else B=shop-staging; fi; aws s3 sync dist "s3://$B"`;
    expect(bucketsOf("STAGE=staging bash deploy.sh", body)).toEqual(["write bucket shop-staging"]);
    expect(bucketsOf("export STAGE=production; bash deploy.sh", body)).toEqual(["write bucket shop-production"]);
    expect(bucketsOf("bash deploy.sh", body)).toContain("write bucket shop-production");
  });
});
