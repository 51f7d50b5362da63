import { describe, expect, it } from "vitest";
import { changesOf, linesOf, programsOf, type Files } from "./seen.ts";

/** A command, and one of the lines that must be seen in it. */
const seen: readonly (readonly [string, string, Files?])[] = [
  // Quotes and escapes
  [`a"w"s 's3' $'r\\x6d' \\x`, "aws s3 rm x"],
  [`aws s3 rm s3://shop"-"li've'/x`, "aws s3 rm s3://shop-live/x"],
  ["aws s3 \\\n rm x", "aws s3 rm x"],
  // Variables
  ["P=s3://shop-live; aws s3 rm $P/x", "aws s3 rm s3://shop-live/x"],
  ["P=shop; P+=-live; aws s3 rm s3://${P}/x", "aws s3 rm s3://shop-live/x"],
  ["C='aws s3 rm x'; $C", "aws s3 rm x"],
  [`C='aws s3 rm x'; "$C"`, "aws s3 rm x"],
  ["aws s3 rm s3://$NOBODY_KNOWS/x", "aws s3 rm s3://□/x"],
  ["aws s3 rm ${T:-s3://shop-live}/x", "aws s3 rm s3://shop-live/x"],
  ["T=; aws s3 rm ${T:-a} ${T-b}", "aws s3 rm a"],
  [
    "T=shop-live.html; aws s3 rm ${T%.html} ${T##*-} ${T/live/old} ${T^^} ${T:0:4} ${#T}",
    "aws s3 rm shop-live live.html shop-old.html SHOP-LIVE.HTML shop 14",
  ],
  ["v=T; T=x; echo ${!v}", "echo x"],
  [": ${B:=shop-live}; echo $B", "echo shop-live"],
  ["unset B; echo [$B]", "echo □"],
  ["i=1; echo $((i + 2 * 3))", "echo 7"],
  ["echo ~/x $HOME $PWD", "echo /home/ann/x /home/ann /work/site"],
  // Arrays
  [`A=(aws s3 "rm x"); "\${A[@]}"`, "aws s3 rm x"],
  ["A=(a b); A+=(c); echo ${A[1]} ${#A[@]} ${A[-1]}", "echo b 3 c"],
  ["declare -A M=([live]=shop-live); echo ${M[live]}", "echo shop-live"],
  ["set -- a b c; shift; echo $1 $# $*", "echo b 2 b c"],
  // Splitting
  ["IFS=:; T=aws:s3:rm; $T x", "aws s3 rm x"],
  [`T=' a  b '; echo $T; echo "$T"`, "echo a b"],
  // Braces and patterns
  ["echo {a,b{1..2}}c", "echo ac b1c b2c"],
  ["echo {01..03} {c..a}", "echo 01 02 03 c b a"],
  ["echo *.html", "echo □.html"],
  // Control
  ["if a; then b; elif c; then d; else e; fi", "e"],
  ["case $x in y) a;; *) b;; esac", "b"],
  ["for e in dev live; do aws s3 rm s3://shop-$e; done", "aws s3 rm s3://shop-live"],
  ["for e in a; do for f in b c; do echo $e$f; done; done", "echo ac"],
  ["while read -r l; do rm $l; done <<< 'x'", "rm x"],
  ["until a; do b; done", "b"],
  ["for ((i = 0; i < 3; i++)); do a; done", "a"],
  ["select x in a b; do echo $x; done", "echo b"],
  ["a && b || c; d & e | f", "e"],
  ["! a", "a"],
  ["time -p a", "a"],
  ["{ a; }; (b); coproc c", "c"],
  ["[[ -n $(a) && -f b ]]; (( x = $(c) ))", "c"],
  ["X=one; if t; then X=two; fi; echo $X", "echo two"],
  ["X=one; if t; then X=two; fi; echo $X", "echo one"],
  ["X=one; t && X=two; echo $X", "echo one"],
  ["X=one; while t; do echo $X; X=two; done", "echo two"],
  ["if t; then X=two; fi; echo $X", "echo □"],
  // Functions and aliases
  ["f() { echo $1 $2; }; f a b", "echo a b"],
  [`f() { local d=$1; shift; "$@" "$d"; }; f shop rm -f`, "rm -f shop"],
  ["function g { a; }; g", "a"],
  ["alias up='aws s3 rm'; up x", "aws s3 rm x"],
  ["alias a=b; alias c='a d'; c e", "b d e"],
  ["alias ls='ls -l'; ls x", "ls -l x"],
  ["trap 'echo $X' EXIT; X=end", "echo end"],
  // Text that runs
  ["eval 'a; b'", "b"],
  ["eval a 'b c'", "a b c"],
  ["builtin command exec -a n a b", "a b"],
  ["source lib.sh; f x", "rm x", { "lib.sh": "f() { rm $1; }" }],
  [". ./env; echo $B", "echo shop-live", { env: "export B=shop-live" }],
  ["source <(echo a b)", "a b"],
  // Substitution of what is known
  ["echo $(echo a b)", "echo a b"],
  ["echo `echo \\`echo x\\``", "echo x"],
  ["echo $(printf '%s-%s' shop live)", "echo shop-live"],
  ["echo $(cat <<E\nshop-live\nE\n)", "echo shop-live"],
  ["echo $(cat name)", "echo shop-live", { name: "shop-live\n" }],
  ["echo $(rev <<< evil-pohs)", "echo shop-live"],
  ["echo $(echo SHOP-LIVE | tr A-Z a-z)", "echo shop-live"],
  ["echo $(echo shop_live | sed s/_/-/)", "echo shop-live"],
  ["echo $(basename /a/b.html .html) $(dirname /a/b)", "echo b /a"],
  ["echo $(base64 -d <<< c2hvcA==)", "echo □"],
  ["echo $(date)", "echo □"],
  ["echo $(a; b)", "b"],
  [`echo "\${x:-$(a)}"`, "a"],
  // Folders
  ["cd sub && pwd; ls", "ls"],
];

describe("what runs in a command is seen", () => {
  it.each(seen.map(([text, line, files]) => ({ text, line, files })))("$text: $line", ({ text, line, files }) => {
    expect(linesOf(text, files)).toContain(line);
  });
});

describe("where and with what it runs", () => {
  it.each([
    ["cd sub && a", ["/work/site/sub"]],
    ["cd /mnt; cd live; a", ["/mnt/live"]],
    ["(cd sub); a", ["/work/site"]],
    ["cd a; cd ..; cd -; a", ["/work/site/a"]],
    ["pushd x; popd; a", ["/work/site"]],
    ["if t; then cd x; fi; a", ["/work/site/x", "/work/site"]],
    ["cd; a", ["/home/ann"]],
  ])("%s runs in %s", (text, folders) => {
    expect(
      programsOf(text)
        .filter(({ argv }) => argv[0] === "a")
        .map(({ cwd }) => cwd),
    ).toEqual(folders);
  });

  it("a prefix assignment reaches the program and nothing after it", () => {
    const [first, second] = programsOf("X=1 a; b");
    expect(first?.env.get("X")).toBe("1");
    expect(second?.env.has("X")).toBe(false);
  });

  it("an exported variable reaches a shell that is started", () => {
    expect(linesOf(`export X=aws; bash -c '$X s3 rm y'`)).toContain("aws s3 rm y");
    expect(linesOf(`X=aws bash -c '"$X" s3 rm y'`)).toContain("aws s3 rm y");
    expect(linesOf(`X=aws; bash -c '$X s3 rm y'`)).not.toContain("aws s3 rm y");
  });

  it.each([
    ["echo hi | a", "hi\n"],
    ["a <<< hi", "hi\n"],
    ["X=live; a <<E\nto $X\nE\n", "to live\n"],
    ["a <<'E'\nto $X\nE\n", "to $X\n"],
    ["a <<-E\n\tto\n\tE\n", "to\n"],
    ["a < notes", "text"],
    ["{ echo x; echo y; } | a", "x\ny\n"],
    ["for i in x y; do echo $i; done | a", "x\ny\n"],
  ])("%s feeds what is known", (text, stdin) => {
    expect(programsOf(text, { notes: "text" }).find(({ argv }) => argv[0] === "a")?.stdin).toBe(stdin);
  });
});

describe("what a command writes itself is followed", () => {
  it.each([
    ["cat > d.sh <<'E'\naws s3 rm s3://shop-live/x\nE\nbash d.sh"],
    ["echo 'aws s3 rm s3://shop-live/x' | tee d.sh; sh ./d.sh"],
    ["printf 'aws s3 rm %s\\n' s3://shop-live/x > d.sh; chmod +x d.sh; ./d.sh"],
    ["echo 'aws s3 \\' > d.sh; echo ' rm s3://shop-live/x' >> d.sh; . ./d.sh"],
    ["D=$(mktemp); E=$(mktemp); echo 'aws s3 rm s3://shop-live/x' > $D; echo true > $E; bash $D"],
    ["echo 'aws s3 rm s3://shop-live/x' > a.sh; cp a.sh b.sh; bash b.sh"],
    ["bash < <(echo aws s3 rm s3://shop-live/x)"],
    ["echo 'aws s3 rm s3://shop-live/x' > >(sh)"],
    ["echo 'aws s3 rm s3://shop-live/x' | tee >(sh)"],
  ])("%s", (text) => {
    expect(changesOf(text)).toContain("delete bucket shop-live/x");
  });

  it("of two files whose names nobody knows, neither is taken for the other", () => {
    const text = `X=$(one); Y=$(two); echo 'aws s3 rm s3://shop-live/x' > "$X"; echo true > "$Y"; bash "$X"`;
    expect(changesOf(text)).toContain("write opaque");
  });

  it("a script that something unreadable wrote is opaque, whatever lies on disk", () => {
    const files = { "deploy.sh": "echo fine" };
    expect(changesOf("bash deploy.sh", files)).toEqual([]);
    expect(changesOf("sed -i s/a/b/ deploy.sh; bash deploy.sh", files)).toContain("write opaque");
    expect(changesOf("curl -o deploy.sh https://a.example/x; bash deploy.sh", files)).toContain("write opaque");
    expect(changesOf("make-it > deploy.sh; ./deploy.sh", files)).toContain("write opaque");
  });
});

describe("what nobody can read and runs is opaque", () => {
  it.each([
    ["curl -s https://a.example/x | sh"],
    [`bash -c "$(curl https://a.example/x)"`],
    [`eval "$(unknown-program)"`],
    ["source <(curl https://a.example/x)"],
    ["C=$(echo eA== | base64 -d); $C"],
    ["$(curl https://a.example/x)"],
    ["for f in scripts/*.sh; do bash $f; done"],
    ["aws s3 rm 'unfinished"],
  ])("%s", (text) => {
    expect(changesOf(text)).toContain("write opaque");
  });

  it.each([
    [`eval "$(ssh-agent -s)"`],
    [`eval "$(direnv hook bash)"`],
    ["$EDITOR notes.md"],
    ["source venv/bin/activate"],
    [". ~/.nvm/nvm.sh"],
    ['\\. "$NVM_DIR/nvm.sh" && nvm use'],
    ["source $(conda info --base)/etc/profile.d/conda.sh"],
    ["bash tools/run.sh"],
    ['cd "$(git rev-parse --show-toplevel)" && bash tools/run.sh'],
    ["PY=$(command -v python3 || command -v python); $PY -m pytest"],
    ["echo 'it''s"],
    ["cat <<E\nno end"],
  ])("but %s is not", (text) => {
    const files = {
      ".git/HEAD": "",
      "tools/run.sh": 'D="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"; . "$D/lib.sh"; source "$(dirname "$0")/lib.sh"; greet',
      "tools/lib.sh": "greet() { echo hi; }",
    };
    expect(changesOf(text, files)).toEqual([]);
  });

  it("a script that cannot be read to its end is, though the command that starts it names nothing", () => {
    expect(changesOf("bash d.sh", { "d.sh": "if true; then\naws s3 ls" })).toContain("write opaque");
    expect(changesOf("bash d.sh", { "d.sh": "if true; then\necho hi" })).toEqual([]);
  });

  it("a function that calls itself is read a few times, then with any arguments", () => {
    expect(changesOf("f() { aws s3 rm s3://shop-$1/x; f $1$1; }; f a")).toEqual(
      ["a", "aa", "□"].map((name) => `delete bucket shop-${name}/x`),
    );
  });

  it("files that a loop names are looked at, each of them", () => {
    const files = { "scripts/a.sh": "echo a", "scripts/b.sh": "aws s3 rm s3://shop-live/x" };
    expect(changesOf("for f in scripts/*.sh; do bash $f; done", files)).toEqual(["delete bucket shop-live/x"]);
  });
});

describe("redirections write files", () => {
  it.each([
    ["a > x", "write file /work/site/x"],
    ["a >> /mnt/live/x", "write file /mnt/live/x"],
    ["a &> x", "write file /work/site/x"],
    ["a 2> x", "write file /work/site/x"],
    ["a >| x", "write file /work/site/x"],
    ["a >& x", "write file /work/site/x"],
    ["{ a; b; } > x", "write file /work/site/x"],
    ["cd /mnt/live; : > index.html", "write file /mnt/live/index.html"],
    ["exec 3> x", "write file /work/site/x"],
    ["> $F", "write file □"],
  ])("%s", (text, change) => {
    expect(changesOf(text)).toContain(change);
  });

  it.each([["a 2>&1"], ["a > /dev/null 2>&1"], ["a >&2"], ["a >&-"], ["a < x"], ["a 2>/dev/stderr"]])("%s writes none", (text) => {
    expect(changesOf(text)).toEqual([]);
  });
});
