import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { invariant } from "../../core/belay-error.ts";
import type { DemoCase, PageEdit } from "./demo-case.ts";

const page = "index.html";

/** Incident 1 as it ships with the package: `assets` is the folder `demo/`. */
export async function incidentCase(assets: string): Promise<DemoCase> {
  const folder = join(assets, "incident-1");
  const site = join(folder, "site");
  const version = (number: number): Promise<string> => readFile(join(folder, `index.v${number}.html`), "utf8");
  const names = await readdir(site);
  return {
    page,
    versions: [await version(1), await version(2), await version(3)],
    history: ["the crossfade comes, the line for magazine readers goes", "the embedded checkout comes"],
    edit: readEdit(await readFile(join(folder, "stale-edit.json"), "utf8")),
    features: [
      { name: "JADA_HERO_FADE", subject: "the JADA → BOOK NOW crossfade", rule: "contains", text: "jada-crossfade" },
      { name: "STRIPE_CHECKOUT", subject: "the embedded checkout", rule: "contains", text: "data-stripe-embedded" },
      { name: "RANCH_COAST_LINE", subject: "the line for magazine readers", rule: "absent", text: "For Ranch & Coast readers" },
    ],
    files: names.toSorted().map((name) => ({ key: name, path: join(site, name) })),
  };
}

function readEdit(json: string): PageEdit {
  const edit: unknown = JSON.parse(json);
  invariant(
    typeof edit === "object" && edit !== null && "what" in edit && "find" in edit && "replace" in edit,
    "stale-edit.json is complete",
  );
  const { what, find, replace } = edit;
  invariant(typeof what === "string" && typeof find === "string" && typeof replace === "string", "stale-edit.json holds texts");
  return { what, find, replace };
}
