import { describe, expect, it } from "vitest";
import { unpaced } from "../../../local/replay/pace.ts";

describe("a replay as fast as it goes", () => {
  it("lets the host hear at each quarter of an hour that it is to stop", async () => {
    let isHeard = false;
    setImmediate(() => {
      isHeard = true;
    });
    await unpaced(Date.parse("2013-10-07T14:45:00Z"));
    expect(isHeard).toBe(true);
  });
});
