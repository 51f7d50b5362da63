import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { BelayError } from "../../core/belay-error.ts";

/** Where Chrome, Chromium and Edge put themselves, by their own installers. */
const knownPlaces: Readonly<Record<string, readonly string[]>> = {
  linux: ["/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
};

/** Under which names they are on the search path. */
const names = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge-stable", "msedge"] as const;

export interface BrowserSearch {
  readonly env: NodeJS.ProcessEnv;
  /** As `process.platform` names it. */
  readonly platform: string;
}

/**
 * The path of a browser that speaks Chrome's protocol: `BELAY_BROWSER`, else where the installers of Chrome, Chromium and
 * Edge put them, else by name on PATH. Throws `browser-missing`.
 */
export async function findBrowser({ env, platform }: BrowserSearch): Promise<string> {
  const named = env["BELAY_BROWSER"] ?? "";
  if (named !== "") {
    if (isAbsolute(named) && (await isProgram(named))) return named;
    throw new BelayError(
      "browser-missing",
      "BELAY_BROWSER does not name a program.",
      "Set BELAY_BROWSER to the full path of Chrome or Chromium.",
    );
  }
  const known = knownPlaces[platform] ?? [];
  const own = platform === "darwin" ? known.map((path) => join(homedir(), path)) : [];
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = [...known, ...own, ...names.flatMap((name) => folders.map((folder) => join(folder, name)))];
  for (const path of candidates) if (await isProgram(path)) return path;
  throw new BelayError(
    "browser-missing",
    "There is no Chrome, Chromium or Edge on this machine that belay could find. It never downloads one.",
    "Install Chrome or Chromium, or name one: BELAY_BROWSER=/path/to/chrome",
  );
}

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};
