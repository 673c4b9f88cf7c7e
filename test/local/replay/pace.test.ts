import { describe, expect, it } from "vitest";
import { unpaced } from "../../../local/replay/pace.ts";

describe("a replay as fast as it goes", () => {
  it("lets the host hear between two minutes that it is to stop", async () => {
    let isHeard = false;
    setImmediate(() => {
      isHeard = true;
    });
    await unpaced(0);
    expect(isHeard).toBe(true);
  });
});
