import { describe, expect, test } from "vitest";

import { powershellVerdict, programVerdict, verdictOf } from "./code-world.ts";

const P = "queenofsandiego-prod";
const rm = `aws s3 rm s3://${P}/x`;

interface Row {
  readonly expected: string;
  readonly text: string;
  readonly verdict: () => string;
}

const rows: Row[] = [];
const py = (expected: string, text: string): number => rows.push({ expected, text, verdict: () => programVerdict("python3", text) });
const js = (expected: string, text: string): number => rows.push({ expected, text, verdict: () => programVerdict("node", text) });
const sh = (expected: string, text: string, files: Readonly<Record<string, string>> = {}): number =>
  rows.push({ expected, text, verdict: () => verdictOf(text, files) });
const ps = (expected: string, text: string): number => rows.push({ expected, text, verdict: () => powershellVerdict(text) });

py("deny", `import boto3\ns3 = boto3.client("s3")\nops = {"up": s3.put_object}\nops["up"](Bucket="${P}", Key="x")`);
py("deny", `import boto3\n(lambda s, b: s.put_object(Bucket=b, Key="x"))(boto3.client("s3"), "${P}")`);
py("deny", `from boto3.session import Session\nSession().resource("s3").meta.client.upload_file(Filename="x", Bucket="${P}", Key="x")`);
py("deny", `import boto3\ns3=boto3.resource("s3")\nb=s3.Bucket(name="${P}")\nb.put_object(Key="x", Body=b"")`);
py("deny", `import boto3\ns3=boto3.resource("s3")\nfor v in s3.Bucket("${P}").object_versions.filter(Prefix="x"):\n    v.delete()`);
py(
  "deny",
  `import boto3\nclient = boto3.client("s3")\nwith open("k") as f:\n    for k in f:\n        client.delete_object(\n            Bucket="${P}",\n            Key=k.strip(),\n        )`,
);
py("deny", `import subprocess as sp\nsp.run(f"aws s3 sync site s3://{'${P}'} --delete".split())`);
py("deny", `import subprocess\nsubprocess.run("aws s3 sync site s3://%s" % "${P}", shell=True)`);
py("deny", `import os\nos.environ["B"] = "${P}"\nos.system("aws s3 rm s3://$B/x")`);
py("deny", `from invoke import task\n@task\ndef deploy(c):\n    c.run("aws s3 sync site s3://${P}")`);
py("deny", `import json, boto3\ncfg = json.load(open("c.json"))\nboto3.client("s3").put_object(Bucket=cfg["bucket"], Key="x")`);
py("allow", `import json, boto3\ncfg = json.load(open("c.json"))\nprint(boto3.client("s3").get_object(Bucket=cfg["bucket"], Key="x"))`);
py(
  "allow",
  `import boto3\nfrom moto import mock_aws\n@mock_aws\ndef test_x():\n    s3 = boto3.client("s3")\n    s3.create_bucket(Bucket="test-bucket")\n    s3.put_object(Bucket="test-bucket", Key="x", Body=b"")`,
);
py(
  "allow",
  `from bs4 import BeautifulSoup\ns = BeautifulSoup(open("site/index.html").read(), "html.parser")\nfor a in s.find_all("a"):\n    a["href"] = a["href"].replace("${P}", "x")\nopen("site/index.html","w").write(str(s))`,
);
py(
  "allow",
  `import os, re, glob\nfor p in glob.glob("site/**/*.html", recursive=True):\n    t = open(p).read()\n    t2 = re.sub(r"s3://${P}", "https://example.com", t)\n    if t != t2:\n        with open(p, "w") as f:\n            f.write(t2)`,
);
py("allow", `import os\np = os.path.join(os.environ["HOME"], "notes.txt")\nopen(p, "w").write("x")`);
py("allow", `import tempfile, os\nd = tempfile.mkdtemp()\nopen(os.path.join(d, "index.html"), "w").write("x")`);
py("allow", `import yaml\nprint(yaml.safe_load(open("belay.yaml")))`);
py("allow", `import requests\nr = requests.post("https://api.example.com/deploy", json={})\nr.raise_for_status()`);
py("allow", `data = {"put_object": lambda Bucket: None}\ndata["put_object"](Bucket="x")`);
py("deny", `import boto3\nc = boto3.client("lambda")\nboto3.client("s3").upload_fileobj(open("x","rb"), Bucket="${P}", Key="x")`);
py("deny", `import boto3\nboto3.client("cloudcontrol").delete_resource(TypeName="AWS::S3::Bucket", Identifier="${P}")`);
py("deny", `import boto3\nboto3.client("dynamodb").put_item(TableName="qos-" + "prod", Item={})`);
py("deny", `import boto3, sys\nboto3.client("s3").put_object(Bucket=sys.argv[1], Key="x")`);
py("deny", `x = """\nimport boto3\nboto3.client('s3').put_object(Bucket='${P}', Key='x')\n"""\nexec(x)`);
py("allow", `x = """\nimport boto3\nboto3.client('s3').put_object(Bucket='${P}', Key='x')\n"""\nprint(x)`);
py("deny", `import textwrap, subprocess\nsubprocess.run(["bash", "-c", textwrap.dedent("""\n  ${rm}\n""")])`);
py("deny", `import subprocess\nsubprocess.run(["bash"], input="${rm}", text=True)`);
py("deny", `import subprocess\np = subprocess.Popen(["sh"], stdin=subprocess.PIPE)\np.communicate(b"${rm}")`);
py("deny", `open("/tmp/d.sh","w").write("${rm}")\nimport subprocess\nsubprocess.run(["bash","/tmp/d.sh"])`);
js(
  "deny",
  `const {S3Client,PutObjectCommand:P}=await import("@aws-sdk/client-s3");const c=new S3Client({});for(const f of fs.readdirSync("site"))await c.send(new P({Bucket:"${P}",Key:f,Body:fs.readFileSync(f)}))`,
);
js("deny", `const util=require("util");const exec=util.promisify(require("child_process").exec);(async()=>{await exec("${rm}")})()`);
js("deny", `const sh=require("shelljs"); sh.exec("${rm}")`);
js(
  "deny",
  `const b={prod:"${P}",staging:"queenofsandiego-staging"}; const s3=new AWS.S3(); s3.putObject({Bucket:b[process.argv[2]||"staging"],Key:"x"})`,
);
js("allow", `const b={prod:"${P}",staging:"queenofsandiego-staging"}; const s3=new AWS.S3(); s3.putObject({Bucket:b.staging,Key:"x"})`);
js(
  "allow",
  `const b={prod:"${P}",staging:"queenofsandiego-staging"}; const s3=new AWS.S3(); s3.putObject({Bucket:b["staging"],Key:"x"}); s3.getObject({Bucket:b.prod,Key:"x"})`,
);
js("deny", `require("child_process").spawn("sh",["-c","${rm}"],{stdio:"inherit"})`);
js("deny", `const cp=require("child_process");const p=cp.spawn("bash");p.stdin.write("${rm}");p.stdin.end()`);
js("allow", `import { test } from "node:test"; test("put", () => { const cmd = new PutObjectCommand({ Bucket: "test", Key: "x" }); })`);
js("allow", `const x = await fetch("https://api.example.com/x", { method: "DELETE" })`);
js("deny", `require("fs").promises.writeFile("/mnt/prod/x","y")`);
js("deny", `const fs=require("fs/promises");(async()=>{await fs.writeFile(require("path").join("/mnt","prod","x"),"y")})()`);
js(
  "allow",
  `const fs=require("fs");for(const f of fs.readdirSync("site")){const p=require("path").join("site",f);fs.writeFileSync(p,fs.readFileSync(p,"utf8").replace("a","b"))}`,
);
js("allow", `const fs=require("fs");const out=process.argv[2];fs.writeFileSync(out+"/index.html","x")`);
sh("deny", `python3 -c 'import os;os.system("aws s3 rm s3://${P}/x")'`);
sh("deny", `echo "import os; os.system('${rm}')" | python3 -`);
sh("deny", `python3 - <<< "import os; os.system('${rm}')"`);
sh("deny", `echo 'require("child_process").execSync("${rm}")' | node`);
sh("deny", `awk 'BEGIN{cmd="aws s3 rm s3://${P}/x"; while((cmd | getline l)>0) print l; close(cmd)}'`);
sh("deny", `awk -v c='${rm}' 'BEGIN{system(c)}'`);
sh("deny", `vim -Nes -c ':silent !${rm}' -c ':q'`);
sh("deny", `find . -name '*.html' | perl -ne 'chomp; system("aws s3 cp $_ s3://${P}/$_")'`);
sh("deny", `perl -MPOSIX -e 'exec qw(aws s3 rm), "s3://${P}/x"'`);
sh("deny", `php -r '$b="${P}"; passthru("aws s3 rm s3://{$b}/x");'`);
sh("deny", `ruby -ropen3 -e 'Open3.capture2e("${rm}")'`);
sh("allow", `perl -e 'print "${rm}\\n"'`);
sh("allow", `python3 scripts/report.py --bucket ${P}`, {
  "scripts/report.py": `import argparse, boto3\np=argparse.ArgumentParser()\np.add_argument("--bucket")\na=p.parse_args()\nprint(boto3.client("s3").list_objects_v2(Bucket=a.bucket))`,
});
sh("deny", `python3 scripts/up.py --bucket ${P}`, {
  "scripts/up.py": `import argparse, boto3\np=argparse.ArgumentParser()\np.add_argument("--bucket")\na=p.parse_args()\nboto3.client("s3").put_object(Bucket=a.bucket, Key="x")`,
});
sh("deny", `jupyter nbconvert --execute x.ipynb`, {
  "x.ipynb": JSON.stringify({ cells: [{ cell_type: "code", source: ["import os\n", `os.system("${rm}")`] }] }),
});
sh("deny", `python3 x.py`, {
  "x.py": `#!/usr/bin/env python3\nfrom lib import BUCKET\nimport boto3\nboto3.client("s3").upload_file("a", BUCKET, "a")`,
});
sh("allow", `node build.mjs`, {
  "build.mjs": `import { execSync } from "node:child_process";\nimport { build } from "esbuild";\nawait build({ entryPoints: ["x"], outdir: "dist" });\nexecSync("git rev-parse HEAD");\nconst extra = process.argv.slice(2);\nexecSync(["npx", "tsc", ...extra].join(" "));`,
});
sh("allow", `node -e "const {execSync}=require('child_process'); console.log(execSync('git log -1 --format=%s').toString())"`);
sh("allow", `python3 -c "print(open('deploy.sh').read())"`, { "deploy.sh": rm });
sh("deny", `python3 -c "import runpy; runpy.run_path('x.py')"`, { "x.py": `import os\nos.system("${rm}")` });
ps("deny", `$cmd = "${rm}"; Invoke-Expression $cmd`);
ps("deny", `$env:BUCKET = '${P}'; aws s3 rm "s3://$env:BUCKET/x"`);
ps("deny", `& { aws s3 rm s3://${P}/x }`);
ps("deny", `aws s3 rm ('s3://' + '${P}' + '/x')`);
ps("deny", `aws s3 rm "s3://$('${P}')/x"`);
ps("allow", `$x = Get-Content deploy.ps1; $x -replace '${P}', 'x' | Set-Content out.ps1`);
ps("allow", `Write-Host "Deploying to ${P}"; npm run build`);
sh("deny", `php -r 'exec("${rm}", $out, $ret);'`);
sh("deny", `ruby -e 'system({"A"=>"b"}, "aws", "s3", "rm", "s3://${P}/x")'`);
sh("deny", `papermill x.ipynb y.ipynb`, { "x.ipynb": JSON.stringify({ cells: [{ cell_type: "code", source: "!" + rm }] }) });
sh("allow", `jupyter nbconvert --to html x.ipynb`, { "x.ipynb": JSON.stringify({ cells: [{ cell_type: "code", source: "!" + rm }] }) });
py("deny", `from functools import partial\nimport boto3\nput = partial(boto3.client("s3").put_object, Bucket="${P}")\nput(Key="x")`);
ps("deny", `if ($true) { Remove-S3Object -BucketName ('queenofsandiego' + '-prod') -Key x }`);
ps("allow", `if ((Get-Date) -gt 1) { Write-Host 'aws s3 rm s3://${P}/x' }`);
ps("deny", `foreach ($b in @('${P}')) { aws s3 rm "s3://$b/x" }`);
ps("deny", `while ($true) { aws s3 sync . s3://${P}; Start-Sleep 5 }`);
py("deny", `import subprocess\nsubprocess.Popen("aws s3 rm s3://${P}/x".split(" "), stdout=subprocess.DEVNULL)`);
py("deny", `import subprocess\nsubprocess.check_output(["xargs", "-n1", "aws", "s3", "rm"], input=b"s3://${P}/x")`);
py("allow", `import subprocess\nsubprocess.run(["git", "commit", "-F", "-"], input=b"${rm}")`);
js("deny", `require("child_process").execSync("bash", { input: "${rm}" })`);
sh("allow", `node dist/cli.js`, { "dist/cli.js": "var x=1;".repeat(9000) + "require('child_process').execSync('git status')" });
sh("deny", `node dist/cli.js`, { "dist/cli.js": "var x=1;".repeat(9000) + "require('aws-sdk')" });

describe("hard variants, written before they were run, get their answer", () => {
  test.each(rows)("$expected: $text", ({ expected, verdict }) => {
    expect(verdict()).toBe(expected);
  });
});
