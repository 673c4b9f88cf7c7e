import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type {
  SnapshotAnswer,
  SnapshotFault,
  VendorOutcome,
  VendorReport,
} from "../../ports/market-data.ts";
import { isTransient, type VendorFault } from "../../ports/vendor-fault.ts";
import type { GatewayVendor } from "./gateway-vendor.ts";
import type { PollResult, VendorCall } from "./run-poll.ts";
import { knowledgeOf, type Knowledge, type KnownVendors } from "./vendor-knowledge.ts";

/** Everything that was heard, the preferred vendor's first; a fault where nobody answered. */
export const answerOf = (
  symbols: readonly Ticker[],
  vendors: readonly GatewayVendor[],
  { calls }: PollResult,
  known: KnownVendors,
): Result<SnapshotAnswer, SnapshotFault> => {
  const ordered = vendors.flatMap((vendor) => calls.filter((call) => call.vendor === vendor));
  const answers = ordered.flatMap(({ result }) =>
    result?.type === "answered" ? result.answer : [],
  );
  const reports = vendors.map((vendor) => reportOf(vendor, calls, knowledgeOf(known, vendor)));
  if (answers.length === 0) return err({ ...faultOf(calls), vendors: reports });
  const bySymbol = Map.groupBy(
    answers.flatMap((answer) => answer.snapshots),
    ({ symbol }) => symbol,
  );
  const silent = new Set(symbols.filter((symbol) => !bySymbol.has(symbol)));
  const unreadable = firstOfEach(
    answers.flatMap((answer) => answer.unreadable ?? []),
    silent,
  );
  const failed = firstOfEach(
    answers.flatMap((answer) => answer.failed ?? []),
    silent,
  );
  return ok({
    snapshots: symbols.flatMap((symbol) => bySymbol.get(symbol)?.[0] ?? []),
    witnesses: symbols.flatMap((symbol) => bySymbol.get(symbol)?.slice(1) ?? []),
    unreadable,
    failed,
    missing: [...silent],
    vendors: reports,
  });
};

/** Takes what is told out of `silent`, so that every symbol is counted once. */
const firstOfEach = <Told extends { readonly symbol: Ticker }>(
  told: readonly Told[],
  silent: Set<Ticker>,
): readonly Told[] => told.filter(({ symbol }) => silent.delete(symbol));

const reportOf = (
  vendor: GatewayVendor,
  calls: readonly VendorCall[],
  { standing, quota, trouble }: Knowledge,
): VendorReport => {
  const call = calls.find((one) => one.vendor === vendor);
  return {
    vendor: vendor.vendor,
    outcome: call === undefined ? outcomeUnasked(quota.left(), trouble) : outcomeOf(call, trouble),
    latencyMs: call?.latencyMs ?? null,
    standing,
    measures: {
      p50Ms: vendor.usualMs(0.5) ?? null,
      p95Ms: vendor.usualMs(0.95) ?? null,
      requestsLeft: quota.left(),
      requestsPerMinute: quota.perMinute,
      ...(vendor.connections?.() ?? { answers: 0, answersOverKept: 0 }),
    },
  };
};

/** A vendor that could not have been asked is not one that was not needed. */
const outcomeUnasked = (requestsLeft: number, trouble: Knowledge["trouble"]): VendorOutcome => {
  if (requestsLeft === 0) {
    return { type: "refused", reason: "Its requests of this minute are spent." };
  }
  return trouble ?? { type: "notNeeded" };
};

const outcomeOf = (call: VendorCall, trouble: Knowledge["trouble"]): VendorOutcome => {
  const { result, vendor } = call;
  if (result === undefined) {
    // One that was given up before it could answer has not shown that it is well again.
    return call.isLate
      ? { type: "failed", fault: networkFault(vendor.vendor, "It was too late.") }
      : (trouble ?? { type: "notNeeded" });
  }
  return result.type === "answered"
    ? { type: "answered", symbols: result.answer.snapshots.length }
    : result;
};

/** Nobody answered: a person is needed only if no vendor can come back by itself. */
const faultOf = (calls: readonly VendorCall[]): VendorFault => {
  const faults = calls.flatMap(({ result }) => (result?.type === "failed" ? result.fault : []));
  const transient = faults.find(isTransient);
  const isWaiting = calls.some(({ result }) => result?.type !== "failed");
  if (transient !== undefined || faults[0] === undefined || isWaiting) {
    const words = calls.map((call) => `${call.vendor.vendor}: ${wordsOfCall(call)}`);
    return {
      ...(transient ?? networkFault("gateway", "")),
      vendor: "gateway",
      detail: words.length === 0 ? "No vendor may be asked now." : words.join(" "),
    };
  }
  return faults[0];
};

const wordsOfCall = ({ result }: VendorCall): string => {
  switch (result?.type) {
    case undefined:
      return "no answer in time.";
    case "refused":
      return result.reason;
    case "failed":
      return `${result.fault.class}: ${result.fault.detail}`;
    case "answered":
      return "answered.";
  }
};

const networkFault = (vendor: string, detail: string): VendorFault => ({
  type: "VendorFault",
  vendor,
  class: "NETWORK",
  detail,
});
