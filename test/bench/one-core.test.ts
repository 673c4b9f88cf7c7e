import { describe, expect, it } from "vitest";
import { lastCoreOf } from "../../bench/one-core.ts";

const statusWith = (list: string): string =>
  `Name:\tnode\nCpus_allowed:\t3\nCpus_allowed_list:\t${list}\nMems_allowed_list:\t0\n`;

describe("the core that a measurement keeps to", () => {
  it("is the last of those that the process may use", () => {
    expect(lastCoreOf(statusWith("0-15"))).toBe("15");
    expect(lastCoreOf(statusWith("0-3,7"))).toBe("7");
    expect(lastCoreOf(statusWith("0,2-12"))).toBe("12");
    expect(lastCoreOf(statusWith("5"))).toBe("5");
  });

  it("is not known where the status does not tell", () => {
    expect(lastCoreOf("Name:\tnode\n")).toBeUndefined();
    expect(lastCoreOf(statusWith(""))).toBeUndefined();
  });
});
