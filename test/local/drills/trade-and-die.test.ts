import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tradeAndDie } from "../../../local/drills/restore/trade-and-die.ts";

describe("a world that a drill lets trade and die", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "holdfast-test-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const play = (script: string): Promise<void> =>
    tradeAndDie(
      {
        command: [process.execPath, "-e", script],
        seed: 1,
        speed: 1,
        stopped: new AbortController().signal,
      },
      { directory, file: join(directory, "holdfast.yaml") },
    );

  it("was not killed where it ended by itself: the drill fails and says how", async () => {
    const ready = JSON.stringify({ type: "ready", url: "http://127.0.0.1:1" });
    await expect(play(`console.log(${JSON.stringify(ready)}); process.exit(3)`)).rejects.toThrow(
      "The world ended by itself (exit 3).",
    );
  });

  it("has not traded where it ended before it was ready", async () => {
    await expect(play("process.exit(0)")).rejects.toThrow("The world ended by itself (exit 0).");
  });
});
