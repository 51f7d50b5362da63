/** Preloaded into a process (`--import`): writes the names of the files that it loaded to MODULES_FILE at the end. */

import { writeFileSync } from "node:fs";
import { register } from "node:module";

const hooks = `
import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  if (url.startsWith("file:")) appendFileSync(process.env.MODULES_FILE, url + "\\n");
  return next(url, context);
}`;
writeFileSync(process.env.MODULES_FILE, "");
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
