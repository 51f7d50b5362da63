import type { Place } from "../effect.ts";
import { hole, type Word } from "../word.ts";

const serviceLabel = /^s3(?:-|express-|$)/u;

/**
 * The bucket behind an address of S3, in each of its styles: `BUCKET.s3.REGION.amazonaws.com/KEY`, `s3.REGION.amazonaws.com/BUCKET/KEY`,
 * dual stack, FIPS, accelerate, website, access points (`NAME-ACCOUNT.s3-accesspoint.REGION…`, named `NAME-ACCOUNT`), directory buckets
 * (`s3express-ZONE`), interface endpoints (`BUCKET.bucket.vpce-ID.s3.REGION.vpce…`). Everything else stays an address. Source: "Virtual
 * hosting of general purpose buckets", "Amazon S3 endpoints" and "AWS PrivateLink for Amazon S3" in the S3 manual.
 */
export function placeOfUrl(url: Word): Place {
  const parts = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?(?<host>[^/?#:]*)(?::[^/?#]*)?(?<path>[^?#]*)/iu.exec(url)?.groups;
  const host = decoded(parts?.["host"] ?? "")
    .toLowerCase()
    .replace(/\.$/u, "");
  const path = decoded((parts?.["path"] ?? "").replace(/^\/+/u, ""));
  const labels = hostLabels(host);
  if (labels === undefined) return { kind: "url", url };
  const at = serviceAt(labels);
  if (at < 0) return { kind: "url", url };
  const before = bucketLabels(labels.slice(0, at)).join(".");
  if (before !== "") return bucket(before, path);
  const [name = "", ...key] = path.split("/");
  return name === "" ? { kind: "url", url } : bucket(name, key.join("/"));
}

/** Of an interface endpoint: `bucket.vpce-ID`, `NAME.bucket.vpce-ID`, `NAME-ACCOUNT.accesspoint.vpce-ID`; of one for many regions `NAME.accesspoint`. */
function bucketLabels(labels: readonly string[]): readonly string[] {
  const own = labels.at(-1)?.startsWith("vpce-") === true ? labels.slice(0, -1) : labels;
  const isKind = own.length < labels.length ? /^(?:bucket|accesspoint|control|\*)$/u : /^accesspoint$/u;
  return isKind.test(own.at(-1) ?? "") ? own.slice(0, -1) : own;
}

const bucket = (name: Word, key: Word): Place => ({ kind: "bucket", name, ...(key === "" ? {} : { key }) });

/** The labels of a host of AWS, without its domain. */
function hostLabels(host: string): string[] | undefined {
  const ending = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"].find((one) => host.endsWith(one));
  return ending === undefined ? undefined : host.slice(0, -ending.length).split(".");
}

/**
 * Where the service stands among the labels. A bucket's name may hold dots and labels that look like it, so the last one counts;
 * a hole may be the service itself with all before it, so that `$HOST.amazonaws.com` is no bucket, but `$B.s3.amazonaws.com` is.
 */
function serviceAt(labels: readonly string[]): number {
  for (let at = labels.length - 1; at >= 0; at -= 1) {
    const label = labels[at] ?? "";
    if (serviceLabel.test(label) && !label.includes(hole)) return at;
  }
  return -1;
}

function decoded(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether an address has anything of S3 in it, so that a hole in it is worth asking about. */
export const looksLikeBucket = (url: Word): boolean => /\bs3[.-]|amazonaws\.com|x-amz-/iu.test(url);
