import { redact } from "./redact.ts";

const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,40}PRIVATE KEY-----|[\s\S]*)/gu;

/** A text without what looks like credentials, in as many lines as it had: a key over several lines is gone from each of them. */
export function redactLines(text: string): string {
  const whole = text.replaceAll(privateKey, (key) => key.replaceAll(/[^\n\r]+/gu, "[redacted]"));
  const clean = redact(whole);
  return countOf(clean) === countOf(text) ? clean : whole.split("\n").map(redact).join("\n");
}

const countOf = (text: string): number => text.split("\n").length;
