import { defineConfig } from "vitest/config";

/**
 * Tests without ambient state: they share their workers, and load what they import once and not
 * once a file. Whoever replaces a module or the process's own parts stands elsewhere.
 */
const TOGETHER = [
  "test/{constructs,domain,lambdas,stacks,use-cases,workflows}/**/*.test.ts",
] as const;

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "together", include: [...TOGETHER], isolate: false } },
      {
        extends: true,
        test: { name: "alone", include: ["test/**/*.test.ts"], exclude: [...TOGETHER] },
      },
    ],
  },
});
