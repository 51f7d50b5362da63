import { describe, expect, it } from "vitest";
import type { GuardScope } from "../../../src/core/guard/scope.ts";
import { quoted, readMcpCall, verbOfTool, type McpReading } from "../../../src/operations/guard/mcp-effects.ts";

const scope: GuardScope = {
  folder: "/w",
  buckets: [{ name: "quay-live", label: "production", target: "production", prefix: "", except: [] }],
  distributions: [{ name: "E1LIVE", label: "production" }],
  tables: [{ name: "bookings", label: "booking table" }],
  urls: [],
  folders: [],
  sites: [],
  stateFolders: [],
  hasRecords: true,
};
const read = (tool: string, input: unknown): McpReading => readMcpCall({ server: "s", tool, input }, scope, (path) => `/w/${path}`);

describe("a tool of an MCP server", () => {
  it.each([
    ["put_object", { Bucket: "quay-live", Key: "a.html" }, { kind: "bucket", name: "quay-live", key: "a.html" }],
    ["uploadFile", { to: "s3://quay-live/a/b.html" }, { kind: "bucket", name: "quay-live", key: "a/b.html" }],
    ["copy", { items: [{ from: "x", dest: "quay-live/a" }] }, { kind: "bucket", name: "quay-live", key: "a" }],
    ["set_policy", { resource: "arn:aws:s3:::quay-live" }, { kind: "bucket", name: "arn:aws:s3:::quay-live" }],
    ["create_invalidation", { id: "E1LIVE" }, { kind: "distribution", id: "E1LIVE" }],
    ["update", { arn: "arn:aws:cloudfront::111122223333:distribution/E1LIVE" }, { kind: "distribution", id: "E1LIVE" }],
    ["put_item", { TableName: "bookings" }, { kind: "table", name: "bookings" }],
    ["run_query", { sql: "DELETE FROM \"bookings\" WHERE pk = '1'" }, { kind: "table", name: "bookings" }],
    ["query", { sql: "update bookings set a = 1" }, { kind: "table", name: "bookings" }],
    ["frobnicate", { bucket: "quay-live" }, { kind: "bucket", name: "quay-live" }],
    ["create_bucket", { name: "quay-live" }, { kind: "bucket", name: "quay-live" }],
    ["upload", { name: "quay-live", body: "x" }, { kind: "bucket", name: "quay-live" }],
    ["create_rule", { environment: "x", target: "s3://quay-live" }, { kind: "bucket", name: "quay-live", key: "" }],
  ])("%s names what it writes to: %o", (tool, input, destination) => {
    expect(read(tool, input).effects.map((effect) => effect.destination)).toContainEqual(destination);
  });

  it.each([
    ["get_object", { Bucket: "quay-live", Key: "a" }],
    ["list_buckets", { prefix: "quay-live" }],
    ["s3_describe", { bucket: "quay-live" }],
    ["create_issue", { title: "quay-live is stale", body: "put_object to quay-live failed; s3://quay-live/a is old" }],
    ["add_comment", { text: "DELETED bookings yesterday" }],
    ["put_object", { Bucket: "quay-staging", Key: "quay-live.html" }],
    ["run_query", { sql: "SELECT * FROM bookings" }],
    ["write_file", { path: "bookings", content: "x" }],
    ["create_entities", { entities: [{ name: "quay-live", entityType: "bucket", observations: ["bookings"] }] }],
    ["create_issue", { title: "x", labels: ["quay-live", "bookings"] }],
    ["update_issue", { environment: "quay-live" }],
    ["browser_type", { ref: "e1", text: "quay-live" }],
    ["create_pull_request", { title: "x", body: "s3://quay-live" }],
    ["edit_file", { path: "README.md", edits: [{ oldText: "s3://quay-live", newText: "s3://quay-live/" }] }],
  ])("%s writes to nothing that is guarded: %o", (tool, input) => {
    const guarded = read(tool, input).effects.filter(
      ({ destination }) => destination.kind === "table" || (destination.kind === "bucket" && destination.name === "quay-live"),
    );
    expect(guarded).toEqual([]);
  });

  it("the first verb of a name decides, unless a later one surely writes", () => {
    expect(verbOfTool("s3_get_and_put")).toBe("write");
    expect(verbOfTool("find_and_replace")).toBe("write");
    expect(verbOfTool("list_object_tags")).toBeUndefined();
    expect(verbOfTool("get_copy_status")).toBeUndefined();
    expect(verbOfTool("putGetTest")).toBe("write");
    expect(verbOfTool("removeObjects")).toBe("delete");
    expect(verbOfTool("thing")).toBe("write");
  });

  it("commands and code inside an input are run, whatever the tool is called", () => {
    expect(read("get_status", { cli_command: "aws s3 rm s3://quay-live/x" }).runs).toEqual([
      { kind: "shell", text: "aws s3 rm s3://quay-live/x" },
    ]);
    expect(read("exec", { command: "aws", args: ["s3", "rm", "it's"] }).runs).toEqual([
      { kind: "shell", text: String.raw`aws 's3' 'rm' 'it'\''s'` },
    ]);
    expect(read("exec", { command: ["aws", "s3"] }).runs).toEqual([{ kind: "shell", text: "'aws' 's3'" }]);
    expect(read("py", { in: { code: "print(1)" } }).runs).toEqual([{ kind: "code", text: "print(1)" }]);
  });

  it("files that it writes are a file tool's, with their text", () => {
    expect(read("write_file", { path: "site/a.html", content: "hi" }).files).toEqual([
      { path: "/w/site/a.html", verb: "write", after: "hi" },
    ]);
    expect(read("delete_file", { path: "./a" }).files).toEqual([{ path: "/w/./a", verb: "delete" }]);
    expect(read("read_file", { path: "site/a.html" }).files).toEqual([]);
  });

  it("an input of a million strings, or a thousand levels, is cut short and says so", () => {
    expect(read("put", { list: Array.from({ length: 100_000 }, () => "x") }).isCutShort).toBe(true);
    let deep: unknown = "quay-live";
    for (let level = 0; level < 1000; level += 1) deep = [deep];
    expect(read("put", deep).isCutShort).toBe(true);
  });

  it("words are quoted so that a shell gives them back", () => {
    expect(quoted(["a", "it's", "$X", 7])).toBe(String.raw`'a' 'it'\''s' '$X' '7'`);
  });
});
