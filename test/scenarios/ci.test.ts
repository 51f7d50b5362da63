/** The recipes of docs/ci, played as written: a fresh clone for each job, no terminal, the record shared in a bucket. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasSshKeygen } from "../support/software-key.ts";
import { openPipelineGround, siteConfig, type PipelineGround } from "./support/pipeline-ground.ts";
import { nodeOf, nodesOf, playGitLabJob, recipeText, textsOf, workflow } from "./support/pipeline.ts";

const page = (text: string): string => `<!doctype html>\n<title>Larkmoor</title>\n<body>\n<h1>${text}</h1>\n</body>\n`;

describe.skipIf(!hasSshKeygen)("needs ssh-keygen: the pipeline", () => {
  let ground: PipelineGround;

  beforeEach(async () => {
    ground = await openPipelineGround();
    await ground.push({ "public/index.html": page("First") }, { subject: "A first page" });
    const deployed = await ground.job("staging.yml", "deploy");
    if (deployed.exit !== 0) throw new Error(deployed.told);
  });
  afterEach(async () => await ground.close());
  /** The policies of docs/ci/aws were enough for all that was run. */
  const expectEnough = (): void => expect(ground.denied).toEqual([]);

  test("takes a change from a pull request over staging to production, under one signature", async () => {
    await ground.push({ "public/index.html": page("Second") }, { branch: "second", subject: "A second page" });
    const planned = await ground.job("plan.yml", "plan", {
      ref: "second",
      expressions: {
        "github.event.pull_request.title": 'Tide "tables" $(touch owned)',
        "github.event.pull_request.number": "7",
        "github.token": "token",
      },
    });
    expect(planned.told).not.toMatch(/\[exit [^0]/u);
    expect(planned.exit).toBe(0);
    expect(planned.summary).toContain("index.html");
    expect(planned.comments.join("\n")).toContain("pr comment 7 --body-file plan.md");
    expect(planned.comments.join("\n")).toContain(planned.summary.trim());
    expect(planned.artifacts["plan.html"]).toContain("<!doctype html>");
    expect(ground.text("example-staging", "index.html")).toBe(page("First"));

    ground.git("switch", "--quiet", "main");
    ground.git("merge", "--quiet", "--no-ff", "--message", "Merge the second page", "second");
    ground.git("push", "--quiet", "origin", "main");
    expect((await ground.job("staging.yml", "deploy")).exit).toBe(0);
    expect(ground.text("example-staging", "index.html")).toBe(page("Second"));

    const promoted = await ground.job("production.yml", "plan", { expressions: { "inputs.change": "" } });
    expect(promoted.told).toContain("people were told: slack");
    expect(promoted.exit).toBe(0);
    const plan = promoted.outputs["plan"] ?? "";
    expect(plan).toMatch(/^[0-9a-f]{64}$/u);
    expect(promoted.summary).toContain(`belay approve ${plan}`);
    expect(ground.people.bodies.join("\n")).toContain(`belay approve ${plan.slice(0, 12)}`);

    const expressions = { "needs.plan.outputs.plan": plan };
    const early = await ground.job("production.yml", "apply", { expressions });
    expect(early.exit).toBe(8);
    expect(ground.text("example-production", "index.html")).toBe("");

    const approved = await ground.owner(["approve", plan], "y\n");
    expect(approved.stdout).toContain("✔ wren@example.com approved plan");
    const applied = await ground.job("production.yml", "apply", { expressions });
    expect(applied.told).toContain("to production");
    expect(applied.exit).toBe(0);
    expect(applied.artifacts["verify.html"]).toContain("<!doctype html>");
    expect(ground.text("example-production", "index.html")).toBe(page("Second"));

    const again = await ground.job("production.yml", "plan", { expressions: { "inputs.change": "" } });
    expect([again.exit, again.outputs["plan"]]).toEqual([0, ""]);
    expect(again.summary).toContain("Nothing waits for production.");
    expectEnough();
  });

  test.each([
    ["commit", 2],
    ["page", 3],
  ])("says in a clone of one commit what is missing, and writes nothing, where one change is one %s", async (unit, exit) => {
    const config = siteConfig.replace("unit: commit", `unit: ${unit}`);
    await ground.push({ "belay.yaml": config, "public/index.html": page("Second") }, { subject: "A second page" });
    const shallow = await ground.job("staging.yml", "deploy", { fetchDepth: 1 });
    expect(shallow.told.replaceAll(/\s+/gu, " ")).toMatch(/in CI[^.]*fetch-depth: 0/u);
    expect(shallow.exit).toBe(exit);
    expect(ground.text("example-staging", "index.html")).toBe(page("First"));
    expect((await ground.job("staging.yml", "deploy")).exit).toBe(0);
    expectEnough();
  });

  test("still comments on a pull request whose plan is refused, and fails its check", async () => {
    await ground.push({ "public/index.html": page("Branch") }, { branch: "stale", subject: "From before" });
    ground.git("switch", "--quiet", "main");
    await ground.push({ "public/index.html": page("Second") }, { subject: "A second page" });
    expect((await ground.job("staging.yml", "deploy")).exit).toBe(0);
    const planned = await ground.job("plan.yml", "plan", {
      ref: "stale",
      expressions: { "github.event.pull_request.title": "x", "github.event.pull_request.number": "8", "github.token": "token" },
    });
    expect([3, 8]).toContain(planned.exit);
    expect(planned.comments.join("\n")).toContain("index.html");
    expect(planned.summary).toMatch(/refused|D1|D8/u);
    expectEnough();
  });

  test("stops at another hand's write on staging, tells people, and leaves it", async () => {
    ground.sandbox.s3.put("example-staging", "index.html", Buffer.from(page("By hand")));
    await ground.push({ "public/index.html": page("Second") }, { subject: "A second page" });
    const deployed = await ground.job("staging.yml", "deploy");
    expect(deployed.exit).toBe(3);
    expect(ground.text("example-staging", "index.html")).toBe(page("By hand"));
    expect(deployed.told).toContain("$ belay status staging");
    expect(ground.people.bodies).toHaveLength(1);
    expect(ground.people.bodies[0]).toContain("Live was written by another hand");
    // It stays told, and nobody is told of it twice.
    await ground.job("staging.yml", "deploy");
    expect(ground.people.bodies).toHaveLength(1);
    expectEnough();
  });

  test("runs in GitLab's words too", async () => {
    const flow = workflow("gitlab/gitlab-ci.yml");
    await ground.push({ "public/index.html": page("Second") }, { subject: "A second page" });
    const env = { GITHUB_ACTIONS: "", GITLAB_CI: "true", GITLAB_USER_LOGIN: "heron", CI_MERGE_REQUEST_TITLE: "A $(touch owned) page" };
    // The token and role of a real runner would take the place of the keys that the sandbox knows.
    const planned = await playGitLabJob(flow, "plan", ground.setting("plan", { env }));
    expect(planned.told).toContain("[exit 0]");
    expect(planned.artifacts["plan.md"]).toContain("index.html");
    expect((await playGitLabJob(flow, "staging", ground.setting("publish", { env }))).exit).toBe(0);
    const asked = await playGitLabJob(flow, "production", ground.setting("publish", { env: { ...env, PLAN: "" } }));
    expect(asked.exit).toBe(8);
    const plan = /belay approve ([0-9a-f]{12})/u.exec(asked.told)?.[1] ?? "";
    expect((await ground.owner(["approve", plan], "y\n")).exit).toBe(0);
    expect((await playGitLabJob(flow, "production", ground.setting("publish", { env: { ...env, PLAN: plan } }))).exit).toBe(0);
    expect(ground.text("example-production", "index.html")).toBe(page("Second"));
    expectEnough();
  });
});

describe("the workflow files", () => {
  const files = ["github/plan.yml", "github/staging.yml", "github/production.yml"];

  test.each(files)("%s clones all of history, takes its role by OIDC, and lets nothing from outside into a script", (file) => {
    const flow = workflow(file);
    expect(nodeOf(flow["permissions"])["id-token"]).toBe("write");
    const jobs = Object.values(nodeOf(flow["jobs"])).map(nodeOf);
    expect(jobs.length).toBeGreaterThan(0);
    for (const job of jobs) {
      const steps = nodesOf(job["steps"]);
      const used = (action: string): readonly unknown[] => steps.filter((step) => String(step["uses"]).startsWith(`${action}@`));
      expect(used("actions/checkout")).toMatchObject([{ with: { "fetch-depth": 0 } }]);
      expect(used("aws-actions/configure-aws-credentials")).toHaveLength(1);
      for (const step of steps) expect(String(step["run"])).not.toContain("${{");
    }
    expect(recipeText(file)).not.toMatch(/AKIA|aws-secret-access-key|aws-access-key-id/u);
  });

  test.each(["github/staging.yml", "github/production.yml"])("%s writes one after the other and is never cancelled half-way", (file) => {
    expect(workflow(file)["concurrency"]).toMatchObject({ group: expect.any(String), "cancel-in-progress": false });
  });

  test("each role is for one repository, and the one that may write is for its environments", () => {
    for (const role of ["publish", "plan"]) {
      const [statement = {}] = nodesOf(nodeOf(JSON.parse(recipeText(`aws/trust-${role}.json`)))["Statement"]);
      const equals = nodeOf(nodeOf(statement["Condition"])["StringEquals"]);
      expect(equals["token.actions.githubusercontent.com:aud"]).toBe("sts.amazonaws.com");
      const subjects = textsOf(equals["token.actions.githubusercontent.com:sub"]);
      expect(subjects.every((subject) => subject.startsWith("repo:example/site:") && !subject.includes("*"))).toBe(true);
      const environments = files.flatMap((file) =>
        Object.values(nodeOf(workflow(file)["jobs"])).flatMap((job) => textsOf(nodeOf(job)["environment"])),
      );
      const wanted =
        role === "plan" ? ["repo:example/site:pull_request"] : environments.map((name) => `repo:example/site:environment:${name}`);
      expect(subjects.toSorted()).toEqual([...new Set(wanted)].toSorted());
    }
  });

  test("the role of pull requests may write nothing to a site", () => {
    const statements = nodesOf(nodeOf(JSON.parse(recipeText("aws/permissions-plan.json")))["Statement"]);
    const writing = statements.filter((one) => textsOf(one["Action"]).some((action) => /Put|Delete|Create|Abort/u.test(action)));
    expect(writing.flatMap((one) => textsOf(one["Resource"])).every((resource) => resource.includes("belay-state"))).toBe(true);
  });
});
