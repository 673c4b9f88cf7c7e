import { nextSession, type Session } from "../shared/domain/market/calendar.ts";
import type { SessionDate } from "../shared/domain/market/session-date.ts";
import { createRandomStreams, type RandomStream } from "./engine/random-streams.ts";
import { planFaults } from "./faults/plan-faults.ts";
import type { InjectedFault } from "./faults/fault-kind.ts";
import type { Observation } from "./observation.ts";
import type { SeedOptions, SeedResult, SeedWatchers, Violation } from "./seed-run.ts";
import { createObservationTrace } from "./trace.ts";
import { endMishaps, planMishaps, planSplit } from "./world/mishaps.ts";
import { createOperatorDesk } from "./world/operator-desk.ts";
import { createWorld, startMarket } from "./world/world.ts";

/** After the close a world lives on for so long, so that its ledger learns of the day's end. */
const SETTLING_MS = 5 * 60_000;
const WARM_UP_MS = 2 * 60_000;
/** Within this time after the last fault a world has to come to rest. */
const RECOVERY_MS = 30 * 60_000;
/** Before it is looked at, nothing trades for so long: what fills at the last moment proves nothing. */
const QUIET_MS = 145_000;
/** How often operators do what they should not. */
const CLUMSINESS = 0.25;
/** Everything held is closed ten minutes before the close. */
const BEFORE_CLOSE_MS = 12 * 60_000;
/** Around a night it takes so much on both sides that something happens. */
const NIGHT_PART_LEAST_MS = 60 * 60_000;
/** Violations beyond these say nothing new. */
const VIOLATIONS_MAX = 20;

/** Runs the world of one seed from beginning to end, watched by what `watchers` make. */
export const runWorld = async (
  options: SeedOptions,
  watchers: SeedWatchers,
): Promise<SeedResult> => {
  const { seed, mode } = options;
  const streams = createRandomStreams(seed);
  const enabled = planFaults(streams.stream("plan"), options.faultKinds);
  const span = spanOf(options, streams.stream("days"));
  const invariants = watchers.createInvariants();
  const coverage = watchers.createCoverage();
  const trace = createObservationTrace();
  const injected: InjectedFault[] = [];
  const violations: Violation[] = [];
  const timeline: Observation[] = [];
  let orders = 0;
  let isChanged = false;
  const world = createWorld({
    seed,
    startsAtMs: span.startsAtMs,
    enabled,
    onlyFaults: options.onlyFaults,
    configuration: options.configuration,
    onObservation: (observation) => {
      isChanged = true;
      trace.add(observation);
      invariants.observe(observation);
      coverage.observe(observation);
      if (options.keepTimeline === true) timeline.push(observation);
      if (observation.type === "brokerOrderChanged" && observation.before === undefined) orders++;
    },
    onFault: (fault) => injected.push(fault),
    afterEvent: () => {
      if (!isChanged) return;
      isChanged = false;
      if (violations.length < VIOLATIONS_MAX) violations.push(...invariants.afterEvent(world.view));
    },
  });
  const calmFromMs = mode === "liveness" ? span.endsAtMs - RECOVERY_MS : span.endsAtMs;
  const quietFromMs = mode === "liveness" ? span.endsAtMs - QUIET_MS : span.endsAtMs;
  startMarket(world, quietFromMs);
  for (const region of world.regions) {
    region.startSchedules({ ...span, cyclesUntilMs: quietFromMs });
  }
  const desk = createOperatorDesk(world, () =>
    world.engine.nowMs() < calmFromMs ? CLUMSINESS : 0,
  );
  desk.keepWatch(span.endsAtMs);
  for (const session of span.laterSessions) planSplit(world, session);
  planMishaps({ world, desk }, { fromMs: span.startsAtMs + WARM_UP_MS, untilMs: calmFromMs });
  if (mode === "liveness") {
    world.engine.at(calmFromMs, () => {
      world.faults.stop();
      endMishaps(world);
      world.observe({ type: "faultsStopped" });
    });
  }
  await world.sign();
  await world.engine.run(span.endsAtMs);
  await world.verifyAudit();
  violations.push(...invariants.afterEvent(world.view), ...invariants.atEnd(world.view, mode));
  return {
    seed,
    mode,
    enabled,
    traceHash: trace.read(),
    events: world.engine.events(),
    virtualMs: span.endsAtMs - span.startsAtMs,
    orders,
    injected,
    violations: violations.slice(0, VIOLATIONS_MAX),
    coverage: coverage.counts(),
    timeline,
  };
};

type Span = {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** The sessions behind the first one. */
  readonly laterSessions: readonly Session[];
};

/**
 * A part of a session, at its beginning, somewhere inside, at its end or around the night behind
 * it; or whole days in a row. A world that has to come to rest does so while the market is open,
 * when everything is at work.
 */
const spanOf = ({ days, mode }: SeedOptions, stream: RandomStream): Span => {
  const first = sessionAt(stream);
  const startsAtMs = first.opensAtMs - WARM_UP_MS;
  if (days >= 1) {
    const laterSessions: Session[] = [];
    for (let day = 1; day < Math.floor(days); day++) {
      laterSessions.push(nextSession((laterSessions.at(-1) ?? first).date));
    }
    const { closesAtMs } = laterSessions.at(-1) ?? first;
    const endsAtMs = mode === "safety" ? closesAtMs + SETTLING_MS : closesAtMs - BEFORE_CLOSE_MS;
    return { startsAtMs, endsAtMs, laterSessions };
  }
  const partMs = wholeMinutes((first.closesAtMs - first.opensAtMs) * days);
  return partOf(first, partMs, mode, stream);
};

/** Where in a session a part of it lies. */
const partOf = (
  session: Session,
  partMs: number,
  mode: SeedOptions["mode"],
  stream: RandomStream,
): Span => {
  const { opensAtMs, closesAtMs, date } = session;
  const lastStartMs = closesAtMs - partMs - BEFORE_CLOSE_MS;
  const inside = opensAtMs + wholeMinutes(stream.draw("offset") * (lastStartMs - opensAtMs));
  const place = stream.pick("place", ["open", "inside", "close", "night"]);
  if (place === "night" && partMs >= NIGHT_PART_LEAST_MS) {
    const next = nextSession(date);
    const eveningMs = wholeMinutes(partMs * 0.4);
    const span = within(closesAtMs - eveningMs, next.opensAtMs + (partMs - eveningMs));
    return { ...span, laterSessions: [next] };
  }
  if (place === "close" && mode === "safety") {
    return within(closesAtMs - partMs, closesAtMs + SETTLING_MS);
  }
  const fromMs = place === "open" ? opensAtMs : inside;
  return within(fromMs, fromMs + partMs);
};

const within = (fromMs: number, untilMs: number): Span => ({
  startsAtMs: fromMs - WARM_UP_MS,
  endsAtMs: untilMs,
  laterSessions: [],
});

const wholeMinutes = (ms: number): number => Math.ceil(ms / 60_000) * 60_000;

/** An ordinary day, a half day, or one beside the change of the clock. */
const sessionAt = (stream: RandomStream): Session => {
  const before = stream.pick("date", [
    "2026-03-09",
    "2026-03-06",
    "2026-06-16",
    "2026-11-25",
    "2026-10-30",
  ]);
  return nextSession(before as SessionDate);
};
