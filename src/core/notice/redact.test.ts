import { describe, expect, it } from "vitest";
import { outgoing, redact } from "./redact.ts";

describe("redact takes out what looks like a credential", () => {
  it.each([
    ["an access key of AWS", "key AKIAEXAMPLEHARBOUR1 used", "AKIAEXAMPLEHARBOUR1"],
    ["a temporary access key", "ASIAEXAMPLEHARBOUR12", "ASIAEXAMPLEHARBOUR12"],
    ["a signed address", "https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=0a1b2c3d4e&X-Amz-Expires=9", "0a1b2c3d4e"],
    ["the credential of a signed address", "?X-Amz-Credential=TIDE%2F20310520%2Feu-west-1", "TIDE%2F"],
    ["a session token in an address", "https://b.example/k?x-amz-security-token=FwoGZXIvYXdzEXAMPLE", "FwoGZXIvYXdz"],
    ["a signed address inside another", "next=https%3A%2F%2Fb%2Fk%3FX-Amz-Signature%3Ddeadbeef01", "deadbeef01"],
    ["a signed cookie address of CloudFront", "https://d.example/a?Policy=x&Signature=abc~def__&Key-Pair-Id=KTIDE", "abc~def__"],
    ["a shared access signature", "https://x.blob.example/c?sv=1&sig=Zm9vYmFy%3D", "Zm9vYmFy"],
    ["a bearer token", "Authorization: Bearer tide-token-1234", "tide-token-1234"],
    ["a bearer token on its own", "curl -H 'bearer mast.and.sail'", "mast.and.sail"],
    ["basic credentials", "Basic dGlkZTpoYXJib3Vy", "dGlkZTpoYXJib3Vy"],
    ["any authorization header", '"authorization": "Custom harbourmaster9"', "harbourmaster9"],
    ["user and password in an address", "https://wren:hunter2@example.com/x", "hunter2"],
    ["a token for a user in an address", "git clone https://ghp_tide@example.com/x", "ghp_tide"],
    ["a password in a setting", "DB_PASSWORD=hunter2 npm start", "hunter2"],
    ["a secret in JSON", '{"client_secret":"hunter2hunter2"}', "hunter2hunter2"],
    ["a secret key of AWS", "aws_secret_access_key = wJalrEXAMPLEtide/K7", "wJalrEXAMPLEtide"],
    ["a Slack token", "xoxb-1234567890-tide", "1234567890-tide"],
    ["a Slack webhook", "https://hooks.slack.com/services/T0/B0/harbour", "T0/B0/harbour"],
    ["a token of a forge", "ghp_0123456789abcdefghijTIDE", "0123456789abcdefghijTIDE"],
    ["a JSON web token", "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "eyJzdWIiOiIx"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----", "b3BlbnNz"],
    ["a private key that is cut off", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow", "MIIEow"],
  ])("%s", (_, text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain("[redacted]");
  });

  it.each([
    "belay pull production index.html",
    "feature tokens lost: JADA_HERO_FADE, STRIPE_CHECKOUT",
    "tokens: 3 kept here and live",
    "Basic information about moorings",
    "https://staging.example.com/tours/index.html#times",
    "local  783f3891d11f5757",
    "mailto:wren@example.com",
    "The bearer of this voucher",
    "A secret garden",
  ])("and leaves alone what does not: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("in time that grows with the length alone", () => {
    const long = [
      "a_".repeat(60_000),
      "https://".repeat(20_000),
      "eyJ".repeat(40_000),
      "x-amz-signature ".repeat(8000),
      "-----BEGIN ".repeat(9000),
    ];
    const startedAtMs = performance.now();
    for (const text of long) redact(text);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });
});

describe("what leaves is one plain line", () => {
  it("without anything that is obeyed or not seen", () => {
    expect(outgoing("a\u001b[2Jb\r\nc\u202Ed\u200be\u0000f\u009bg\u2066h\ufeff")).toBe("a[2Jb cdefgh");
  });
  it("and invisible characters hide no credential", () => {
    expect(outgoing("AKIA\u200bEXAMPLE\u2060HARBOUR1")).toBe("[redacted]");
  });
  it("cut to a length, after what is secret is gone", () => {
    expect(outgoing("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
    expect(outgoing("AKIAEXAMPLEHARBOUR1", 6)).not.toContain("AKIA");
    expect(outgoing("\ud83d\ude00".repeat(9), 4).isWellFormed()).toBe(true);
  });
});
