import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/**
 * Plays Lambda's Node.js runtime in a process of its own: it fetches an event, hands the handler's
 * answer over without giving up the thread, and fetches the next one; `next` says whether at once
 * or on the event loop's next turn. The handler's environment retires with the second event.
 */
const playRuntime = (next: "atOnce" | "nextTurn") =>
  spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `
      import { writeSync } from "node:fs";
      import { createInvocation } from ${JSON.stringify(at("../../../shared/runtime/invocation.ts"))};
      import { createLambdaEntry } from ${JSON.stringify(at("../../../shared/runtime/aws/lambda-entry.ts"))};
      import { endProcess } from ${JSON.stringify(at("../../../shared/adapters/host/end-process.ts"))};
      const say = (text) => writeSync(1, text + "\\n");
      let tended = 0;
      const runtime = {
        log: { write: () => undefined, isOn: () => false },
        metrics: { add: () => undefined, flush: () => undefined },
        clock: { monotonicMs: () => performance.now() },
        tendEnvironment: async () => { tended += 1; if (tended === 2) endProcess(); },
      };
      const handler = createLambdaEntry(async () =>
        createInvocation("example", runtime, async (event) => { say("begin " + event); return event; }));
      for (let id = 1; id <= 3; id++) {
        // The next event comes over a connection: never within the same turn.
        await new Promise((go) => setTimeout(go, 1));
        const answer = await handler(id, { awsRequestId: String(id), getRemainingTimeInMillis: () => 1_000 });
        say("delivered " + answer);
        if (${JSON.stringify(next)} === "nextTurn") await new Promise((go) => setImmediate(go));
      }
      say("never retired");
      `,
    ],
    { encoding: "utf8" },
  );

const at = (path: string): string => new URL(path, import.meta.url).href;

describe("an environment that ends itself", () => {
  it.each(["atOnce", "nextTurn"] as const)(
    "delivers its answer first and begins no other event, next fetched %s",
    (next) => {
      const { stdout, stderr, status } = playRuntime(next);
      expect(stderr).toBe("");
      expect(stdout.trim().split("\n")).toEqual([
        "begin 1",
        "delivered 1",
        "begin 2",
        "delivered 2",
      ]);
      expect(status).toBe(0);
    },
  );
});
