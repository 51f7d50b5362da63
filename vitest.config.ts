import { defineConfig } from "vitest/config";

// Servers that others wrote are started by scripts/test-servers.mjs, which says where they are.
const isAgainstServer = process.env["BELAY_SERVER"] !== undefined;

export default defineConfig({
  test: {
    include: isAgainstServer ? ["test/servers/**/*.test.ts"] : ["src/**/*.test.ts", "sandbox/**/*.test.ts", "test/**/*.test.ts"],
    exclude: isAgainstServer ? [] : ["test/servers/**"],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
