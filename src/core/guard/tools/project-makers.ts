/** What a project makes of itself: compilers, bundlers and formatters of its sources, and git of its history. Data. */

import { words } from "./arguments.ts";

const makers: ReadonlySet<string> = words(
  "tsc vue-tsc esbuild rollup rolldown webpack webpack-cli rspack vite parcel babel swc tsup tsdown unbuild ncc microbundle bun deno astro next nuxt hugo eleventy jekyll mkdocs zola mdbook sphinx-build jsdoc typedoc asciidoctor " +
    "postcss tailwindcss sass node-sass lessc stylus pug go cargo rustc gcc g++ cc c++ clang clang++ ld zig javac kotlinc scalac dotnet swiftc coffee elm cmake ninja meson protoc svgo terser uglifyjs html-minifier " +
    "prettier eslint stylelint biome oxlint oxfmt black isort ruff autopep8 yapf gofmt shfmt clang-format rustfmt djlint standard xo",
);

/** Verbs that bring files from what is committed or kept. A patch that is applied, a clone and an archive bring others. */
const fromHistory: ReadonlySet<string> = words(
  "checkout restore reset stash switch merge rebase cherry-pick revert pull checkout-index read-tree sparse-checkout worktree",
);

/**
 * Whether what the program writes is the project's own again. Such a file is judged as it lies there now; what a command fetches or puts
 * together in another way cannot be read before it runs. `tool` is the effect's: `git checkout`, `tsc`.
 */
export const isOwnMaking = (program: string, tool: string): boolean =>
  program === "git" ? fromHistory.has(tool.replace(/^git /u, "")) : tool === program && makers.has(program);

/** Whether the words are `git show REV:PATH` or `git cat-file`, and `path` is named like what they print. */
export function bringsFromHistory([program = "", ...args]: readonly string[], path: string): boolean {
  const verb = args.find((word, at) => !word.startsWith("-") && args[at - 1] !== "-C" && args[at - 1] !== "-c");
  const shown = args.findLast((word) => /^[^-:][^:]*:[^:]/u.test(word)) ?? "";
  const name = shown.slice(Math.max(shown.lastIndexOf("/"), shown.lastIndexOf(":")) + 1);
  return program === "git" && (verb === "show" || verb === "cat-file") && name !== "" && path.endsWith(`/${name}`);
}
