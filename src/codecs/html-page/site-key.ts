import { keyProblem, urlPathOf } from "../../core/paths/key.ts";

/** A host that cannot exist (RFC 2606): whatever resolves to it is on this site. */
const here = "https://site.invalid";

/** Where references that stand in one file are resolved from. */
export class SiteBase {
  private readonly own: string;
  private base: URL;

  constructor(key: string) {
    this.own = key;
    this.base = new URL(urlPathOf(key), here);
  }

  /** `<base href>`: what follows is resolved from there. */
  moveTo(reference: string): void {
    this.base = parsed(reference, this.base) ?? this.base;
  }

  /**
   * The key that a reference names: query and fragment gone, percent-decoded, a folder as its index page.
   * `undefined` for other hosts and schemes, for the file itself and for what no key can be.
   */
  keyOf(reference: string): string | undefined {
    const url = parsed(reference, this.base);
    if (!url || url.origin !== here) return undefined;
    const path = decoded(url.pathname.slice(1)).normalize("NFC");
    const key = path === "" || path.endsWith("/") ? `${path}index.html` : path;
    return key === this.own || keyProblem(key) !== undefined ? undefined : key;
  }
}

function parsed(reference: string, base: URL): URL | undefined {
  const address = reference.trim();
  return URL.canParse(address, base.href) ? new URL(address, base) : undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
