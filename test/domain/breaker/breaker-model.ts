import type { BreakerPolicy } from "../../../shared/domain/breaker/breaker-policy.ts";

type Leave = { readonly era: number; readonly probe: number };

/**
 * A breaker as a person would keep it on paper, written again from the rules alone: mutable,
 * without rates, with the whole list of probes. What the machine does is held against it.
 */
export const createPaperBreaker = (policy: BreakerPolicy) => {
  let state: "closed" | "open" | "halfOpen" = "closed";
  let era = 0;
  let failures = 0;
  let trips = 0;
  let untilMs = 0;
  let closedAtMs = 0;
  let probes: { readonly number: number; readonly endsMs: number; answer: "none" | "good" }[] = [];
  const open = (nowMs: number): void => {
    const openMs = Math.min(policy.openMaxMs, policy.openMs * 2 ** trips);
    state = "open";
    era += 1;
    trips += 1;
    untilMs = nowMs + openMs;
  };
  return {
    state: () => state,
    era: () => era,
    ask: (nowMs: number): Leave | undefined => {
      if (state === "open" && nowMs >= untilMs) {
        state = "halfOpen";
        era += 1;
        probes = [];
      }
      if (state === "closed") return { era, probe: 0 };
      if (state === "open") return undefined;
      const taken = probes.filter(({ answer, endsMs }) => answer === "good" || endsMs > nowMs);
      if (taken.length >= policy.probesMax) return undefined;
      const number = probes.length + 1;
      probes.push({ number, endsMs: nowMs + policy.leaseMs, answer: "none" });
      return { era, probe: number };
    },
    tell: (leave: Leave, wasGood: boolean, nowMs: number): void => {
      if (leave.era !== era) return;
      if (state === "closed") {
        failures = wasGood ? 0 : failures + 1;
        if (failures < policy.failuresToOpen) return;
        if (nowMs - closedAtMs >= policy.forgetTripsMs) trips = 0;
        open(nowMs);
        return;
      }
      const probe = probes.find(({ number }) => number === leave.probe);
      if (probe === undefined || probe.answer !== "none" || probe.endsMs <= nowMs) return;
      if (!wasGood) {
        open(nowMs);
        return;
      }
      probe.answer = "good";
      const good = probes.filter(({ answer }) => answer === "good").length;
      if (good < policy.successesToClose) return;
      state = "closed";
      era += 1;
      failures = 0;
      closedAtMs = nowMs;
    },
  };
};
