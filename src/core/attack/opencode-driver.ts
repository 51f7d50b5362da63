/** Does with belay's plugin what OpenCode does: loads it, and calls its `tool.execute.before`. */

/** For `node --input-type=module -e`, with the plugin's path and the project's folder behind it; the call comes as JSON on standard input. */
export const opencodeDriver: string = [
  'import { pathToFileURL } from "node:url";',
  "const [file, folder] = process.argv.slice(1);",
  "const chunks = [];",
  "for await (const chunk of process.stdin) chunks.push(chunk);",
  "const call = JSON.parse(Buffer.concat(chunks).toString());",
  "const plugin = await import(pathToFileURL(file).href);",
  "const client = { session: { prompt: async () => undefined } };",
  "const hooks = await plugin.default.server({ client, directory: folder, worktree: folder });",
  "let isStopped = false;",
  'try { await hooks["tool.execute.before"]?.(call, { args: call.args }); } catch { isStopped = true; }',
  "process.stdout.write(JSON.stringify({ isStopped }), () => process.exit(0));",
].join("\n");
