import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfiguration } from "../../shared/runtime/configuration.ts";
import type { Configuration } from "../../shared/runtime/configuration-schema.ts";
import {
  createSigningKeys,
  signConfiguration,
  verifyConfiguration,
} from "../../shared/runtime/signed-configuration.ts";

const keys = createSigningKeys();

const configurationOf = (text: string): Configuration => {
  const parsed = parseConfiguration(text, {});
  if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
  return parsed.value;
};

const signed = (configuration: Configuration): string => {
  const signature = signConfiguration(configuration, keys.privateKey);
  if (!signature.ok) throw new Error(signature.error.sentence);
  return signature.value;
};

const PLAIN = configurationOf("version: 1\nsymbols: [IBM, SPY]\n");

describe("a signed configuration", () => {
  it("is what it says, however it is written", () => {
    const written =
      "# for me\nsymbols:\n  - IBM\n  - SPY\nlimits: { maxInFlight: 64 }\nversion: 1\n";
    const verified = verifyConfiguration(configurationOf(written), signed(PLAIN), keys.publicKey);
    expect(verified.ok).toBe(true);
  });

  it("is another one after any change of a limit", () => {
    const limit = fc.record({
      maxPositionSizeUsd: fc.integer({ min: 0, max: 10_000 }),
      maxDailyLossPct: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(limit, limit, (left, right) => {
        const [first, second] = [left, right].map((limits) => ({
          ...PLAIN,
          limits: { ...PLAIN.limits, ...limits },
        }));
        if (first === undefined || second === undefined) throw new Error("There are two.");
        const verified = verifyConfiguration(second, signed(first), keys.publicKey);
        expect(verified.ok).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
    );
  });

  it("is not one that another key signed, or that nobody did", () => {
    const others = createSigningKeys();
    for (const [signature, key] of [
      [signed(PLAIN), others.publicKey],
      ["", keys.publicKey],
      ['{"algorithm":"none","signature":""}', keys.publicKey],
      [signed(PLAIN), "no key"],
    ] as const) {
      const verified = verifyConfiguration(PLAIN, signature, key);
      expect(verified).toMatchObject({ ok: false, error: { type: "SignatureRefused" } });
    }
    expect(signConfiguration(PLAIN, keys.publicKey).ok).toBe(false);
  });
});
