import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { err, ok } from "../shared/domain/result.ts";
import type { MarketData } from "../shared/ports/market-data.ts";
import type { Benchmark } from "./benchmark.ts";
import { hostDeps } from "./breaker-contenders.ts";
import { type Exchange, openGateway, SYMBOLS } from "./open-gateway.ts";
import { percentile } from "./percentile.ts";

const POLLS = 1_200;
const WARM_UP_POLLS = 120;
/** Polls are a minute apart where it is deployed: more at once would measure this machine. */
const CONCURRENCY = 4;
const SLOW_SHARE = 0.03;
const SLOW_MS = 500;
const USUAL_MS = 4;
/** Two vendors have to agree. */
const VENDORS_A_POLL = 2;

/** The 99th percentile of polls when 3 % of the answers take 500 ms: plain by hedged. */
export const hedgeTail: Benchmark = {
  name: "hedge-tail",
  unit: "x better p99",
  goal: { direction: "atLeast", value: 5 },
  measure: async (report) => {
    const plain = await measureTail(0);
    const hedged = await measureTail(100);
    report(
      `p50 ${hedged.p50Ms.toFixed(1)}, p99 ${hedged.p99Ms.toFixed(1)} ms, ` +
        `plain ${plain.p99Ms.toFixed(1)} ms.`,
    );
    return { ours: plain.p99Ms / hedged.p99Ms };
  },
};

/** The requests that this costs beyond two a poll. */
export const hedgeExtra: Benchmark = {
  name: "hedge-extra",
  unit: "% more requests",
  goal: { direction: "atMost", value: 6 },
  measure: async () => ({ ours: (await measureTail(100)).extraShare * 100 }),
};

/** Polls of the gateway, several at a time, of which this share may be hedged. */
const measureTail = async (
  hedgedPercent: number,
): Promise<{ readonly p50Ms: number; readonly p99Ms: number; readonly extraShare: number }> => {
  const random = createSeededRandom(23);
  let requests = 0;
  const slowNowAndThen: Exchange = (vendor, { signal }) => {
    requests += 1;
    return new Promise((resolve) => {
      const ms = random.next() < SLOW_SHARE ? SLOW_MS : USUAL_MS * (0.5 + random.next());
      const callOff = hostDeps.timers.after(ms, () => resolve(ok(vendor)));
      const giveUp = (): void => {
        callOff();
        resolve(err({ type: "VendorFault", vendor, class: "NETWORK", detail: "Given up." }));
      };
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  };
  const gateway = openGateway(slowNowAndThen, { hedgedPercent });
  await pollMany(gateway, WARM_UP_POLLS);
  requests = 0;
  const times = await pollMany(gateway, POLLS);
  return {
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    extraShare: requests / (times.length * VENDORS_A_POLL) - 1,
  };
};

/** Milliseconds of each poll. */
const pollMany = async (
  gateway: Pick<MarketData, "fetchSnapshots">,
  count: number,
): Promise<readonly number[]> => {
  const times: number[] = [];
  const pollSome = async (): Promise<void> => {
    for (let index = 0; index < count / CONCURRENCY; index++) {
      const startedAtMs = performance.now();
      const polled = await gateway.fetchSnapshots(SYMBOLS);
      if (!polled.ok) throw new Error("Vendors that are well did not answer.");
      times.push(performance.now() - startedAtMs);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, pollSome));
  return times;
};
