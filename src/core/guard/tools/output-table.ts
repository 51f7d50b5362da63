/** Programs that write files, by what names them on their command line. Data. Sources: their manuals. */

import { words } from "./arguments.ts";

export interface OutputRule {
  /** Options whose value is a file or folder that is written. */
  readonly options?: ReadonlySet<string>;
  /** Operands that are written: the last of several, all behind so many, or what stands behind a colon in each. */
  readonly operands?: "last" | "mapped" | { readonly from: number };
  /** Only where one of these options stands there. */
  readonly only?: ReadonlySet<string>;
  /** Not where one of these does. */
  readonly unless?: ReadonlySet<string>;
  /** Other options that take a value. */
  readonly valued?: ReadonlySet<string>;
  /** Only behind these first words. */
  readonly verbs?: RegExp;
}

const into = (options: string, valued = ""): OutputRule => ({
  options: words(options),
  ...(valued === "" ? {} : { valued: words(valued) }),
});
const all = (valued = "", from = 0): OutputRule => ({ operands: { from }, valued: words(valued) });
const fixing = (only: string, valued = ""): OutputRule => ({ operands: { from: 0 }, only: words(only), valued: words(valued) });
const checked = (unless: string, valued = ""): OutputRule => ({ operands: { from: 0 }, unless: words(unless), valued: words(valued) });
const last: OutputRule = { operands: "last" };

/** Options that name an output in nearly every program that has them. */
export const commonOutputs: RegExp =
  /^(?:-o|--(?:out|output|out-?dir|out-?file|output-?(?:dir|directory|path|file|filename)|dest|dest-?dir|destination|destination-?dir|dist-?dir|site-?dir|target-?dir|declarationDir|metafile|export-filename|print-to-pdf|screenshot|log-?file|report-?(?:file|dir)|pack-destination|result-file|save-to|write-to|download-?dir))$/iu;

/** By base name. What has none of its own goes by the common options. */
export const outputTable: ReadonlyMap<string, readonly OutputRule[]> = new Map<string, readonly OutputRule[]>(
  Object.entries({
    // Builders of sites and programs.
    vite: [into("--outDir")],
    astro: [into("--outDir")],
    tsc: [into("--outDir --outFile --declarationDir --tsBuildInfoFile --generateTrace -outDir")],
    esbuild: [into("--outfile --outdir --metafile")],
    rollup: [into("-d --dir -o --file")],
    parcel: [into("-d --dist-dir --out-dir --out-file")],
    babel: [into("-d --out-dir -o --out-file")],
    swc: [into("-d --out-dir -o --out-file")],
    postcss: [into("-o --output -d --dir", "-u --use -c --config --base --ext"), fixing("-r --replace")],
    sass: [last, { operands: "mapped" }],
    "node-sass": [last, into("-o --output --source-map")],
    lessc: [last],
    stylus: [into("-o --out")],
    jekyll: [into("-d --destination", "-s --source -c --config -P --port -H --host")],
    mkdocs: [into("-d --site-dir")],
    zola: [into("-o --output-dir")],
    mdbook: [into("-d --dest-dir")],
    "sphinx-build": [{ operands: { from: 1 }, valued: words("-b -d -c -D -A -t -j -w -M") }],
    jsdoc: [into("-d --destination")],
    typedoc: [into("--out --json")],
    asciidoctor: [into("-o --out-file -D --destination-dir")],
    pug: [into("-o --out")],
    go: [into("-o")],
    cargo: [into("--target-dir --artifact-dir --out-dir")],
    gcc: [into("-o")],
    cc: [into("-o")],
    "g++": [into("-o")],
    clang: [into("-o")],
    ld: [into("-o")],
    rustc: [into("-o --out-dir")],
    npm: [into("--pack-destination")],
    pnpm: [into("--pack-destination --out")],
    yarn: [{ ...into("-o --out --filename"), verbs: /^pack\b/u }],
    pip: [into("-t --target -d --dest -w --wheel-dir --report --log --root")],
    pip3: [into("-t --target -d --dest -w --wheel-dir --report --log --root")],
    // Pictures, films, documents.
    convert: [last],
    magick: [last],
    gm: [last],
    composite: [last],
    montage: [last],
    mogrify: [{ operands: { from: 0 } }, into("-path")],
    ffmpeg: [last],
    sox: [last],
    wkhtmltopdf: [last],
    wkhtmltoimage: [last],
    weasyprint: [last],
    qpdf: [last],
    ps2pdf: [last],
    pdftotext: [last],
    pdftoppm: [last],
    cwebp: [into("-o")],
    dwebp: [into("-o")],
    cjpeg: [into("-outfile")],
    jpegtran: [into("-outfile")],
    optipng: [{ ...all("-o -i -f -zc -zm -zs -zw -dir -log"), unless: words("-simulate") }],
    oxipng: [all("-o --opt -i --interlace -f --filters")],
    jpegoptim: [{ ...all("-m --max -T --threshold -S --size -d --dest"), unless: words("-n --noaction") }],
    svgo: [all("-o --output -i --input -f --folder --config -p"), into("-o --output")],
    exiftool: [{ operands: { from: 0 }, only: words("-overwrite_original -overwrite_original_in_place -delete_original") }],
    gs: [into("-sOutputFile")],
    d2: [last],
    "rsvg-convert": [into("-o --output")],
    "single-file": [last],
    // What is fetched.
    "yt-dlp": [into("-o --output -P --paths")],
    "youtube-dl": [into("-o --output")],
    aria2c: [into("-d --dir -o --out -l --log")],
    axel: [into("-o --output")],
    "gallery-dl": [into("-d --destination -D --directory")],
    httrack: [into("-O --path")],
    // Data.
    pg_dump: [into("-f --file", "-F -h -U -p -d -t -n -N -T -j -Z")],
    pg_dumpall: [into("-f --file")],
    mysqldump: [into("-r --result-file -T --tab")],
    mongodump: [into("-o --out --archive")],
    openssl: [into("-out -writerand -keyout")],
    gpg: [into("-o --output")],
    age: [into("-o --output")],
    split: [
      {
        operands: { from: 1 },
        valued: words("-b --bytes -l --lines -n --number -C --line-bytes -a --suffix-length -t --separator --additional-suffix --filter"),
      },
    ],
    csplit: [into("-f --prefix")],
    xxd: [{ operands: { from: 1 }, valued: words("-c -cols -g -groupsize -l -len -o -s -seek -n -name -R") }],
    uniq: [{ operands: { from: 1 }, valued: words("-f -s -w --skip-fields --skip-chars --check-chars") }],
    iconv: [into("-o --output")],
    shuf: [into("-o --output")],
    base64: [into("-o --output")],
    tcpdump: [into("-w")],
    script: [{ operands: { from: 0 }, valued: words("-c --command -E -m -o -T -t -I -O -B") }],
    // In place.
    yq: [fixing("-i --inplace --in-place", "-o --output-format -p --input-format -I --indent --from-file")],
    jaq: [fixing("-i --in-place")],
    sponge: [all()],
    pax: [{ operands: "last", only: words("-rw -wr") }],
    crudini: [{ operands: { from: 0 }, only: words("--set --del --merge") }],
    dasel: [{ ...into("-f --file -o --out"), verbs: /^(?:put|delete)\b/u }],
    json: [{ ...into("-f", "-e -c -a -k -o"), only: words("-I") }],
    sd: [{ ...all("-n --max-replacements -f --flags", 2), unless: words("-p --preview") }],
    rpl: [all("-x --encoding", 2)],
    replace: [{ operands: { from: 2 } }],
    // Each of its folders is brought up to date by the other.
    unison: [all("-path -ignore -prefer -force -logfile -root -servercmd")],
    prettier: [fixing("-w --write", "--config --ignore-path --parser --plugin --log-level --print-width --tab-width --cache-location")],
    eslint: [fixing("--fix", "-c --config --ext --rule --parser --format -f -o --output-file --cache-location"), into("-o --output-file")],
    stylelint: [fixing("--fix", "-c --config --formatter -f"), into("-o --output-file")],
    biome: [fixing("--write --fix --apply --apply-unsafe", "--config-path")],
    oxlint: [fixing("--fix --fix-suggestions", "-c --config")],
    oxfmt: [checked("--check --list-different", "-c --config --ignore-path")],
    black: [checked("--check --diff", "-l --line-length -t --target-version --config --include --exclude")],
    isort: [checked("-c --check --check-only --diff", "-l --profile --settings-path")],
    ruff: [
      { ...checked("--check --diff", "--config --select --ignore"), verbs: /^format\b/u },
      { ...fixing("--fix", "--config --select --ignore"), verbs: /^check\b/u },
    ],
    autopep8: [fixing("-i --in-place")],
    yapf: [fixing("-i --in-place")],
    gofmt: [fixing("-w")],
    shfmt: [fixing("-w --write", "-i -ln")],
    "clang-format": [fixing("-i")],
    rustfmt: [checked("--check", "--edition --config --config-path --emit")],
    djlint: [fixing("--reformat")],
    xmlstarlet: [{ ...fixing("-L --inplace", "-N -a -i -s -t -n -v -u -x -d -m -r"), verbs: /^(?:ed|edit)\b/u }],
    tidy: [fixing("-m -modify"), into("-o -output")],
    "replace-in-file": [{ operands: { from: 2 } }],
    kubectl: [{ operands: "last", verbs: /^cp\b/u }],
    oc: [{ operands: "last", verbs: /^cp\b/u }],
    playwright: [{ operands: "last", verbs: /^(?:screenshot|pdf)\b/u }],
  } satisfies Record<string, readonly OutputRule[]>),
);

/** Programs that only look at the files that they are given, as far as no option of theirs names an output. */
export const onlyReading: ReadonlySet<string> = words(
  "awk b3sum basename bat bzcat cat cksum cloc cmp column comm cut delta df diff difft diffoscope dig dirname dua du dust echo egrep exa expand eza fd ffprobe fgrep file find findmnt fmt fold fuser fzf getfacl grep gron head hexdump hexyl htmlhint html-validate http-server id identify inotifywait ipfs-check jless join jq jsonlint lighthouse link-check linkchecker linkinator live-server logger ls lsattr lsd lsof lychee markdownlint md5 md5sum mediainfo mountpoint muffet ncdu nl nproc od open pa11y paste pgrep pr printf ps python-http readlink realpath rev rg scc serve sha1sum sha256sum sha512sum shasum shellcheck stat strings sum tac tail test timeout tokei tr tree type umount vnu vimdiff w3m wc which xmllint xdg-open xxh64sum xzcat yamllint zcat zgrep zless zstdcat [",
);
