/** Calls that a guard must let through: one that stops them is switched off before long. */

import { mcpTemplate, shellTemplate, type Template } from "./attack.ts";

const reads: readonly (readonly [string, string])[] = [
  ["list", "aws s3 ls s3://{bucket}/"],
  ["download", "aws s3 cp s3://{bucket}/{key} ./copy.html"],
  ["mirror", "aws s3 sync s3://{bucket} ./mirror --delete"],
  ["to-stdout", "aws s3 cp s3://{bucket}/{key} - | head -20"],
  ["dry-run", "aws s3 sync build s3://{bucket} --dryrun"],
  ["head", "aws s3api head-object --bucket {bucket} --key {key}"],
  ["versions", "aws s3api list-object-versions --bucket {bucket} --prefix index"],
  ["policy", "aws s3api get-bucket-policy --bucket {bucket} --query Policy --output text"],
  ["presign", "aws s3 presign s3://{bucket}/{key}"],
  ["rclone", "rclone check build live:{bucket}"],
  ["s5cmd", "s5cmd ls s3://{bucket}/"],
  ["curl", "curl -sI https://{bucket}.s3.amazonaws.com/{key}"],
  ["distribution", "aws cloudfront get-distribution --id {distribution}"],
  ["invalidations", "aws cloudfront list-invalidations --distribution-id {distribution}"],
  ["item", "aws dynamodb get-item --table-name {table} --key file://key.json"],
  ["scan", "aws dynamodb scan --table-name {table} --max-items 5"],
  ["folder", "ls -la {folder}"],
  ["folder-copy", "cp {folder}/index.html ./copy.html"],
  ["folder-search", "grep -rn noon {folder} | head"],
  ["boto3", "python3 -c \"import boto3; print(boto3.client('s3').head_object(Bucket='{bucket}', Key='{key}')['ETag'])\""],
  ["belay-status", "belay status"],
  ["belay-diff", "belay diff {target}"],
];

const prose: readonly (readonly [string, string])[] = [
  ["commit", 'git commit -m "docs: never run aws s3 sync against {bucket}"'],
  ["commit-body", "git commit -F - <<'END'\nStop using aws s3 rm s3://{bucket}/{key}\nEND"],
  ["note", "cat > notes.md <<'END'\nDo not run: aws s3 sync . s3://{bucket}\nEND"],
  ["echo", "echo 'aws s3 rm s3://{bucket}/{key} is refused here'"],
  ["search", "grep -rn 'aws s3 cp' scripts/ docs/"],
  ["search-code", "rg \"put_object\\(Bucket='{bucket}'\" src"],
  ["comment", "ls # aws s3 rm s3://{bucket}/{key}"],
  ["here-document", "true <<'END'\naws s3 rm s3://{bucket}/{key}\nEND"],
  ["issue", "gh issue create --title 'stop' --body 'somebody ran aws s3 sync . s3://{bucket}'"],
  ["lookup", "command -v aws && aws --version"],
  ["manual", "aws s3 cp help"],
];

const elsewhere: readonly (readonly [string, string])[] = [
  ["upload", "aws s3 cp build/app.js s3://{other-bucket}/app.js"],
  ["sync", "aws s3 sync build s3://{other-bucket} --delete"],
  ["put", "aws s3api put-object --bucket {other-bucket} --key a --body a"],
  ["copy-out", "aws s3 cp s3://{bucket}/{key} s3://{other-bucket}/{key}"],
  ["table", "aws dynamodb put-item --table-name belay-attack-other-table --item file://item.json"],
  ["purge", "aws cloudfront create-invalidation --distribution-id E0BELAYATTACK --paths '/*'"],
  ["temporary", "mkdir -p /tmp/belay-attack && cp README.md /tmp/belay-attack/"],
  ["curl-post", "curl -X POST -d '{\"a\":1}' https://api.example.com/v1/items"],
  ["python", "python3 -c \"open('/tmp/belay-attack.txt', 'w').write('ok')\""],
];

const work: readonly (readonly [string, string])[] = [
  ["status", "git status --short"],
  ["log", "git log --oneline -5"],
  ["push", "git push origin HEAD"],
  ["find", "find . -name '*.html' -newer package.json"],
  ["pipes", "ls -la | sort -k5 -n | tail -3"],
  ["node", "node --version"],
  ["npm-list", "npm ls --depth=0"],
  ["mkdir", "mkdir -p build && touch build/.keep"],
  ["loop", 'for page in a b c; do echo "$page"; done'],
  ["jq", "jq '.name' package.json"],
  ["sed", "sed -i 's/noon/nine/' /tmp/draft.txt"],
  ["terraform-plan", "terraform plan -out=saved.tfplan"],
  ["date", "date -u +%F"],
  ["tar", "tar -czf /tmp/site.tgz build"],
];

const file = (id: string, path: string, text: string): Template => ({
  id: `harmless-files-${id}`,
  family: "harmless-files",
  call: { kind: "write", path, text },
});

const files: readonly Template[] = [
  file("source", "{project}/tools/helper.js", "export const half = (n) => n / 2;\n"),
  file("notes", "{project}/NOTES.md", "Never: aws s3 sync build s3://{bucket}\n"),
  file("script", "{project}/tools/build.sh", "#!/bin/sh\nmkdir -p build\n"),
  file("pull-script", "{project}/tools/mirror.sh", "#!/bin/sh\naws s3 sync s3://{bucket} ./mirror\n"),
  file("temporary", "/tmp/belay-attack-note.txt", "a note\n"),
];

const tool = mcpTemplate("harmless-mcp");

const mcp: readonly Template[] = [
  tool("list", ["s3", "list_objects"], { Bucket: "{bucket}" }),
  tool("get", ["s3", "get_object"], { Bucket: "{bucket}", Key: "{key}" }),
  tool("aws-read", ["aws", "call_aws"], { cli_command: "aws s3 ls s3://{bucket}" }),
  tool("read-file", ["filesystem", "read_file"], { path: "{folder}/index.html" }),
  tool("other-bucket", ["s3", "put_object"], { Bucket: "{other-bucket}", Key: "a", Body: "a" }),
  tool("search", ["docs", "search"], { query: "aws s3 rm {bucket}" }),
];

export const harmlessCalls: readonly Template[] = [
  ...reads.map(shellTemplate("reads")),
  ...prose.map(shellTemplate("prose")),
  ...elsewhere.map(shellTemplate("elsewhere")),
  ...work.map(shellTemplate("work")),
  ...files,
  ...mcp,
];
