import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  addLatency,
  EMPTY_DIGEST,
  latencyQuantile,
} from "../../../shared/domain/breaker/latency-digest.ts";

it("knows every quantile within 15 %, never below it, until it fades", () => {
  const latencies = fc.array(fc.double({ min: 0.25, max: 60_000, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.5, 0.95, 0.99), (all, share) => {
      const digest = all.reduce(addLatency, EMPTY_DIGEST);
      const sorted = all.toSorted((left, right) => left - right);
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
      const estimate = latencyQuantile(digest, share) ?? Number.NaN;
      expect(estimate).toBeGreaterThanOrEqual(exact * 0.999);
      expect(estimate).toBeLessThanOrEqual(exact * 1.151);
    }),
  );
});

it("forgets what a source was like, in constant space", () => {
  let digest = EMPTY_DIGEST;
  for (let call = 0; call < 5_000; call++) digest = addLatency(digest, 1_000_000);
  for (let call = 0; call < 5_000; call++) digest = addLatency(digest, 1);
  expect(digest.counts.length).toBeLessThanOrEqual(96);
  expect(latencyQuantile(digest, 0.99)).toBeLessThan(2);
  expect(latencyQuantile(EMPTY_DIGEST, 0.5)).toBeUndefined();
});
