import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { Money } from "../../shared/domain/market/money.ts";
import type { Limits } from "../../shared/domain/risk/limits.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { loseLedger } from "./lose-ledger.ts";
import { isWorkingHour } from "./hours.ts";
import { healEveryMinutes } from "./region.ts";
import { runHeal } from "./run-heal.ts";
import { activeOf, durationMs, type Mishap, type Scene } from "./mishap.ts";
import { REGIONS } from "./world-settings.ts";

const IMPATIENT_EVERY_MS = 85_000;
const IMPATIENT_TIMES = 9;
/** Long enough for five vain tries within ten minutes. */
const FLOW_OUT_LEAST_MS = 15 * 60_000;
/** The probe comes 75 s after its remedy and finds no ledger; whoever verifies does again. */
const CUT_OFF_MS = 80_000;

/** What happens to alerts, to the signed configuration, and to what heals and probes. */
export const TENDING_MISHAPS: readonly Mishap[] = [
  {
    kind: "topic-outage",
    timesMax: 2,
    happen: ({ world: { engine, regions } }, draw) => {
      const untilMs = engine.nowMs() + durationMs(draw("minutes"), 8);
      for (const region of regions) region.silence("topic", untilMs);
    },
  },
  {
    kind: "pager-outage",
    timesMax: 2,
    happen: ({ world: { engine, regions } }, draw) => {
      const untilMs = engine.nowMs() + durationMs(draw("minutes"), 5);
      for (const region of regions) region.silence("pager", untilMs);
    },
  },
  {
    kind: "limits-drift",
    timesMax: 2,
    happen: ({ world }, draw) => void driftLimits(world, draw("way") < 0.5 ? "looser" : "tighter"),
  },
  {
    kind: "unsigned-deployment",
    timesMax: 1,
    happen: ({ world }, draw) => {
      const region = activeOf(world);
      const limits = drifted(world.view.settings.limits, draw("way") < 0.5 ? "looser" : "tighter");
      region.deploy({ ...settingsOf(world, region.name), ...withDigest(limits) });
      world.engine.after(durationMs(draw("minutes"), 10), () => region.deploy());
    },
  },
  {
    kind: "signed-record-lost",
    timesMax: 1,
    happen: ({ world }, draw) => {
      // Of a table that is gone there is no record to lose.
      if (world.ledger.isLost()) return;
      void loseRecord(world, draw("how") < 0.5, "signed");
      if (draw("spare") < 0.5) return;
      void loseRecord(world, false, "spare");
      // Whoever deploys signs anew; nobody else can.
      world.engine.after(durationMs(draw("minutes"), 15), () => {
        world.engine.wake();
        void world.sign();
      });
    },
  },
  {
    kind: "probe-order",
    timesMax: 2,
    happen: ({ world }) => {
      // As if the probe had a way to the queue after all: a copy of a real order under its name.
      world.whenNext(
        (seen) => seen.type === "messageSent" && seen.queue === "orders.fifo",
        (seen) => {
          if (seen.type !== "messageSent") return;
          const body = seen.body
            .replaceAll(`_${world.view.settings.account}_`, "_probe_")
            .replaceAll(`"account":"${world.view.settings.account}"`, `"account":"probe"`);
          const deduplicationId = `probe-${world.engine.nowMs()}`;
          world.engine.after(1, () => {
            activeOf(world).send("orders.fifo", [{ body, group: "probe", deduplicationId }]);
          });
        },
      );
    },
  },
  {
    kind: "locked-store-outage",
    timesMax: 2,
    happen: ({ world: { engine, regions } }, draw) => {
      const untilMs = engine.nowMs() + durationMs(draw("minutes"), 12);
      const which = draw("which");
      for (const [index, region] of regions.entries()) {
        // One of the two in two cases of three, both in the third.
        if (which < 2 / 3 && which < 1 / 3 !== (index === 0)) continue;
        region.silence("locked", untilMs);
      }
    },
  },
  { kind: "ledger-lost", timesMax: 1, happen: ({ world }, draw) => loseLedger(world, draw) },
  {
    kind: "impatient-healing",
    timesMax: 1,
    happen: ({ world }, draw) => {
      // Who has never healed has to prove nothing; who has, does so from then on.
      if (healEveryMinutes(world.streams) === undefined) return;
      if (draw("of what") < 0.7 && isWorkingHour(world.engine.nowMs())) {
        const lastsMs = FLOW_OUT_LEAST_MS + durationMs(draw("minutes"), 8);
        world.vendorSide.flow.outageUntilMs = world.engine.nowMs() + lastsMs;
        healAgainAndAgain(world);
        return;
      }
      world.whenNext(
        (seen) => seen.type === "outageBegan",
        () => healAgainAndAgain(world),
      );
    },
  },
  {
    kind: "cut-off-while-healing",
    timesMax: 1,
    happen: ({ world }, draw) => {
      const isAny = draw("which remedy") < 0.3;
      let healing: string | undefined;
      world.whenNext(
        (seen) => {
          if (seen.type !== "healingNoted" || seen.record.outcome !== "applied") return false;
          if (!isAny && seen.record.remedy !== "switchFlagBack") return false;
          healing = seen.actor.region;
          return true;
        },
        () => {
          const region = world.regions.find(({ name }) => name === healing);
          region?.setIsolated(true);
          world.engine.after(CUT_OFF_MS, () => region?.setIsolated(false));
        },
      );
    },
  },
];

/** Somebody who does not wait for what the last run came to. */
const healAgainAndAgain = (world: Scene["world"]): void => {
  for (let time = 1; time <= IMPATIENT_TIMES; time++) {
    world.engine.after(60_000 + time * IMPATIENT_EVERY_MS, () => {
      world.engine.wake();
      runHeal(world.engine, activeOf(world).invoke).catch(() => undefined);
    });
  }
};

/** Somebody changes the stored limits by hand, past everything that signs. */
const driftLimits = async (world: Scene["world"], way: "looser" | "tighter"): Promise<void> => {
  const cell = world.view.cell();
  if (cell === undefined || cell === "damaged") return;
  const ledger = createStoredLedger(world.ledger.storeOf(() => undefined));
  const { version, epoch } = cell;
  const next = { ...cell, version: version + 1, limits: drifted(cell.limits, way) };
  await ledger.saveCell(next, { version, epoch });
};

/** The record is forged, or cannot be read any more. */
const loseRecord = async (
  world: Scene["world"],
  isForged: boolean,
  sort: "signed" | "spare",
): Promise<void> => {
  const store = world.ledger.storeOf(() => undefined);
  const key = { partition: `policy#${world.view.settings.account}`, sort };
  const item = await store.get(key);
  const forged = { ...(item?.document as object), policyText: "{}" };
  const document = isForged ? forged : "nobody reads this";
  await store.put({ ...key, document }, { type: "none" });
};

const drifted = (limits: Limits, way: "looser" | "tighter"): Limits => {
  const factor = way === "looser" ? 2 : 0.5;
  return {
    ...limits,
    maxPositionSize: Math.round(limits.maxPositionSize * factor) as Money,
    maxPortfolioExposurePct: Math.min(100, limits.maxPortfolioExposurePct * factor),
    maxEntriesPerDay: Math.round(limits.maxEntriesPerDay * factor),
    minCooldownMinutes: way === "looser" ? 0 : limits.minCooldownMinutes,
  };
};

const withDigest = (limits: Limits): Pick<Settings, "limits" | "limitsDigest"> => ({
  limits,
  limitsDigest: sha256(canonicalJson(limits)),
});

const settingsOf = ({ view }: Scene["world"], region: string): Settings => ({
  ...view.settings,
  region: REGIONS.find((one) => one === region) ?? region,
});
