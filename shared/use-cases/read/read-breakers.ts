import type { Breaker, OpenReason } from "../../domain/breaker/breaker.ts";
import { DATA_BREAKER } from "../../domain/breaker/breaker-policy.ts";
import { windowRates } from "../../domain/breaker/call-window.ts";
import type { BreakerTransition } from "../../domain/breaker/transition.ts";
import type { Settings } from "../../domain/settings.ts";
import type { BreakerRecord, BreakerRecords } from "../../ports/breaker-records.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** A breaker as all functions of the Region share it. Times are epoch ms, shares 0 to 1. */
export type BreakerView = {
  /** `<vendor>.<operation>`, or `<vendor>.<operation>.<SYMBOL>`. */
  readonly name: string;
  readonly state: Breaker["state"];
  /** Since when it is in this state; null where it never had a reason to change. */
  readonly sinceMs: number | null;
  readonly failuresInARow: number;
  /** Times that it opened in close succession; they lengthen the next open time. */
  readonly trips: number;
  readonly reason: OpenReason | null;
  /** When probes may go out; null where it is not open. */
  readonly nextProbeMs: number | null;
  /** Of a half-open one: probes that are out, and those that succeeded. */
  readonly probesOut: number;
  readonly probesSucceeded: number;
  /** Of the rolling window, as far as it was shared: healthy calls are not. */
  readonly calls: number;
  readonly failureShare: number | null;
  readonly slowShare: number | null;
};

/** Every breaker, the ones that are not closed first, and the last changes, newest first. */
export type BreakersView = {
  readonly atMs: number;
  readonly breakers: readonly BreakerView[];
  readonly transitions: readonly BreakerTransition[];
};

/** What reading the breakers needs. */
export type ReadBreakersDeps = {
  readonly telemetry: Pick<Telemetry, "loadTransitions">;
  readonly breakers: Pick<BreakerRecords, "list">;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "marketData">;
};

const TRANSITIONS_MAX = 20;

/** Reads every vendor's breaker; one that never failed has no record and is closed. */
export const createReadBreakers =
  ({ telemetry, breakers, clock, settings }: ReadBreakersDeps) =>
  async (): Promise<BreakersView> => {
    const [records, transitions] = await Promise.all([
      breakers.list(),
      telemetry.loadTransitions(TRANSITIONS_MAX),
    ]);
    const atMs = clock.nowMs();
    const known = new Set(records.map(({ name }) => name));
    const healthy = settings.marketData.vendors
      .map((vendor) => `${vendor}.snapshots`)
      .filter((name) => !known.has(name));
    const views = [
      ...records.map((record) => viewOf(record, atMs)),
      ...healthy.map((name) => ({ ...NEVER_TROUBLED, name })),
    ];
    return {
      atMs,
      breakers: views.toSorted(
        (left, right) =>
          Number(left.state === "closed") - Number(right.state === "closed") ||
          left.name.localeCompare(right.name),
      ),
      transitions,
    };
  };

const NEVER_TROUBLED: Omit<BreakerView, "name"> = {
  state: "closed",
  sinceMs: null,
  failuresInARow: 0,
  trips: 0,
  reason: null,
  nextProbeMs: null,
  probesOut: 0,
  probesSucceeded: 0,
  calls: 0,
  failureShare: null,
  slowShare: null,
};

const viewOf = ({ name, breaker }: BreakerRecord, nowMs: number): BreakerView => {
  const { state, sinceMs, trips } = breaker;
  const shared = { ...NEVER_TROUBLED, name, state, sinceMs, trips };
  switch (breaker.state) {
    case "closed": {
      const { calls, failures, slow } = windowRates(breaker.window, nowMs, DATA_BREAKER);
      return {
        ...shared,
        failuresInARow: breaker.failuresInARow,
        calls: Math.round(calls),
        failureShare: calls > 0 ? failures / calls : null,
        slowShare: calls > 0 ? slow / calls : null,
      };
    }
    case "open":
      return { ...shared, reason: breaker.reason, nextProbeMs: breaker.untilMs };
    case "halfOpen":
      return {
        ...shared,
        probesOut: breaker.leases.filter(({ untilMs }) => nowMs < untilMs).length,
        probesSucceeded: breaker.successes,
      };
  }
};
