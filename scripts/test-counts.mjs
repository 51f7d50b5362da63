/** A vitest reporter that leaves what came of every test as JSON at BELAY_TEST_COUNTS, for scripts/test.mjs. */

import { writeFileSync } from "node:fs";

export default class TestCounts {
  onTestRunEnd(files, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const file of files) {
      // A file that did not load, and a hook that threw, fail without a test to show for it.
      for (const part of [file, ...file.children.allSuites()]) counts.failed += part.errors().length;
      for (const test of file.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed += 1;
        else if (state === "failed") counts.failed += 1;
        else counts.skipped.push(test.fullName);
      }
    }
    const path = process.env.BELAY_TEST_COUNTS;
    if (path !== undefined) writeFileSync(path, JSON.stringify(counts));
  }
}
