import { describe, expect, it } from "vitest";
import { asDigest } from "../../core/brand.ts";
import type { Notice } from "../../ports/notifier.ts";
import { slackBody } from "./slack-body.ts";

const notice: Notice = {
  reason: "live-is-ahead",
  about: asDigest("ab".repeat(32)),
  site: "default",
  target: "production",
  subject: "deploy of “tide tables” to production stopped",
  lines: ["index.html: live is 2 versions ahead"],
  paths: ["index.html"],
  run: ["belay pull production index.html", "belay diff production"],
  at: "2031-05-20T14:02:00.000Z",
  by: "wren",
};

const textsOf = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

describe("a body for Slack's incoming webhooks", () => {
  it("says the same in text and in blocks, the commands in their order", () => {
    const body = slackBody(notice);
    expect(body).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "A person is needed: live is ahead (default/production)",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "text": "\`\`\`
      deploy of “tide tables” to production stopped
      index.html: live is 2 versions ahead
      paths: index.html
      stopped: wren
      at: 2031-05-20T14:02:00.000Z
      \`\`\`",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "text": {
              "text": "*What a person runs, in order*
      \`\`\`
      belay pull production index.html
      belay diff production
      \`\`\`",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
        ],
        "text": "*A person is needed: live is ahead (default/production)*
      \`\`\`
      deploy of “tide tables” to production stopped
      index.html: live is 2 versions ahead
      paths: index.html
      stopped: wren
      at: 2031-05-20T14:02:00.000Z
      \`\`\`
      *What a person runs, in order*
      \`\`\`
      belay pull production index.html
      belay diff production
      \`\`\`",
      }
    `);
  });

  it("holds the six lines of proof", () => {
    const proof: Notice["proof"] = {
      local: asDigest("1".repeat(64)),
      live: "nothing",
      diff: { added: 3, removed: 1, files: 2, binary: 0 },
      tokens: [],
      stagingInvalidation: "none (no CDN)",
      productionInvalidation: "pending",
    };
    const text = String(slackBody({ ...notice, proof })["text"]);
    expect(text).toContain(
      [
        "local                    1111111111111111",
        "live                     nothing",
        "diff                     +3 −1 lines in 2 files",
        "tokens                   none touched",
        "staging invalidation     none (no CDN)",
        "production invalidation  pending",
      ].join("\n"),
    );
  });

  const hostile = [
    "<!channel>",
    "<!subteam^S0|crew>",
    "<https://evil.example|approve here>",
    "@channel @here @everyone @All",
    "``` *bold* _it_ ~no~ `code`",
    "```\n<@U1> [approve](https://evil.example)",
    "&lt;!here&gt;",
  ];

  it.each(hostile)("calls nobody, links nowhere and breaks out of no fence for: %j", (text) => {
    const body = slackBody({ ...notice, subject: text, lines: [text], paths: [text], run: [text], by: text, site: text });
    const all = textsOf(body);
    for (const one of all) {
      expect(one).not.toMatch(/<[!@#h]/u);
      expect(one).not.toMatch(/@(?:channel|here|everyone|all)\b/iu);
      // Fences stand in pairs, each alone on its line: nothing from outside has opened or closed one.
      expect(one.split("\n").filter((line) => line.includes("`") && line !== "```")).toEqual([]);
      expect((one.match(/```/gu) ?? []).length % 2).toBe(0);
    }
  });

  it("shows an entity as it was written, and does not read it", () => {
    expect(String(slackBody({ ...notice, subject: "&lt;!here&gt; & <!here>" })["text"])).toContain(
      "&amp;lt;!here&amp;gt; &amp; &lt;!here&gt;",
    );
  });

  it("keeps what comes from outside inside fences in the text that servers without blocks read", () => {
    const text = String(slackBody({ ...notice, lines: ["[approve](https://evil.example) **now**"] })["text"]);
    const outside = text.split(/```[\s\S]*?```/u).join("");
    expect(outside).not.toContain("evil");
  });

  it("stays within what Slack takes, however much there is to say", () => {
    const body = slackBody({ ...notice, lines: Array.from({ length: 400 }, (_, at) => `${at} ${"<".repeat(200)}`), site: "s".repeat(400) });
    const blocks = body["blocks"];
    expect(Array.isArray(blocks) && blocks.length).toBeLessThanOrEqual(50);
    for (const text of textsOf(blocks)) expect(text.length).toBeLessThanOrEqual(3000);
    expect(JSON.stringify(blocks)).toContain("…");
  });
});
