/** Lines such as agents write, each with several words in its gaps. */

import type { ShellLine } from "./generated-lines.ts";

const templates: readonly (readonly [string, ...string[]])[] = [
  ["cd WORD && npm ci && npm run build 2>&1 | tail -20", "npm", "tail"],
  ["git add -A && git commit -m \"$(cat <<'EOF'\nfix: TEXT (it's done)\n\n- `aws s3 rm` is gone\nEOF\n)\" && git push", "git", "cat"],
  ['for f in $(git diff --name-only WORD); do wc -l "$f"; done | sort -rn | head', "git", "wc", "sort", "head"],
  ["find WORD -name '*.html' -not -path './node_modules/*' -exec grep -l 'href=\"#\"' {} + 2>/dev/null", "find"],
  ["aws s3 sync WORD s3://bucket --exclude '.git/*' --size-only --dryrun | grep -v '^Completed'", "aws", "grep"],
  ["cat > WORD <<'EOF'\nconst x = `${y}`;\nif (x) { console.log(\"$(no)\") }\nEOF\nnode WORD", "cat", "node"],
  ["python3 - <<'PY'\nimport json, sys\nprint(json.dumps({'a': [1, 2]}))  # TEXT\nPY", "python3"],
  [
    'curl -sS -H "Authorization: Bearer $TOKEN" https://a.example/TEXT | jq -r \'.items[] | select(.id > 3) | .name\' | while read -r n; do echo "$n"; done',
    "curl",
    "jq",
    "echo",
  ],
  ["if [ -z \"${CI:-}\" ] && ! command -v WORD >/dev/null; then echo 'missing TEXT' >&2; exit 1; fi", "echo"],
  ["docker run --rm -v \"$PWD\":/w -w /w image:1 sh -c 'ls && cat TEXT'", "docker"],
  ['X=$(jq -r .version package.json); sed -i.bak "s/v[0-9.]*/v$X/" WORD && rm -f WORD.bak', "jq", "sed", "rm"],
  ["ps aux | awk '{print $2, $11}' | grep -E '[n]ode|TEXT' || true", "ps", "awk", "grep"],
  ['set -euo pipefail; trap \'rm -rf "$T"\' EXIT; T=$(mktemp -d); cp -r WORD "$T"/', "mktemp", "cp"],
  ["diff <(sort WORD) <(curl -s https://a.example/TEXT | sort) && echo same", "diff", "sort", "curl", "echo"],
  ["rsync -avz --delete WORD/ user@host:/srv/WORD/ -e 'ssh -p 2222'", "rsync"],
  ["(cd WORD && tar czf - .) | ssh host 'tar xzf - -C /tmp'", "tar", "ssh"],
  ['declare -A m=([a]=1 [b]=2); for k in "${!m[@]}"; do echo "$k=${m[$k]}" >> WORD; done', "echo"],
  ['case "$(uname -s)" in Darwin*) open WORD;; Linux*) xdg-open WORD ;; *) echo no;; esac', "uname", "open", "xdg-open", "echo"],
  ['while IFS=, read -r id name; do [[ $id =~ ^[0-9]+$ ]] && echo "${name//\\"/}"; done < WORD', "echo"],
  ["timeout 30 bash -c 'until curl -sf localhost:3000/TEXT; do sleep 1; done'", "timeout"],
  ['npx -y prettier --check "src/**/*.{ts,tsx}" && echo ok || { echo bad; false; }', "npx", "echo"],
  ["printf '%s\\n' WORD b c | xargs -I{} -P4 sh -c 'echo {} && test -f {}'", "printf", "xargs"],
  ["echo $((RANDOM % 10 + ${n:-1})) $(( $(nproc) * 2 )) WORD", "echo", "nproc"],
  ["kill -9 $(lsof -t -i:3000) 2>/dev/null; nohup npm run dev > WORD.log 2>&1 &", "kill", "lsof", "nohup"],
  ['grep -rn "TODO\\|FIXME" WORD --include=*.{js,ts} | cut -d: -f1 | uniq -c', "grep", "cut", "uniq"],
  ["cat <<EOF; aws s3 rm s3://b/WORD\nhi ${x:-$(date)}\nEOF", "cat", "aws", "date"],
  ['sqlite3 db.sqlite "SELECT name FROM t WHERE x=\'TEXT\' AND y<>\\"z\\";"', "sqlite3"],
  ["coproc { sleep 1; echo WORD; }; select x in a b; do echo $x; break; done", "sleep", "echo"],
  ['function deploy() { local t="$1"; shift; run "$t" "$@"; }; deploy WORD --force', "run"],
  ["echo 'a\\'; echo \"b\\\"c\" 'd\"e' $'f\\'g' \"$(echo \"h $(echo 'TEXT')\")\"", "echo"],
];

const fillings = [
  "src",
  "dist/index.html",
  "'a b'",
  '"$x"',
  "${Y}",
  "--",
  "x.y-z_1",
  '"$(pwd)"',
  "a\\ b",
  "*.md",
  "@scope/pkg",
  "é",
  "./-n",
  "'$x'",
  '"it\'s"',
];

export const writtenLines: readonly ShellLine[] = templates.flatMap(([template, ...programs]) =>
  fillings.map((filling) => ({
    text: template.replaceAll("WORD", () => filling).replaceAll("TEXT", () => filling.replaceAll(/['"\\$*()]/g, "")),
    programs,
  })),
);
