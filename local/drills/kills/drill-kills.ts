import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import type { Configuration } from "../../../shared/runtime/configuration-schema.ts";
import { busyConfiguration, drillSettings } from "../drill-settings.ts";
import { ownOrders } from "../compare-ledger.ts";
import { startDrillWorld } from "../drill-world.ts";
import { settleWorld, type Settled } from "../settle-world.ts";
import { requireGoing, unlessStopped } from "../unless-stopped.ts";
import { waitUntil } from "../wait-until.ts";
import { auditOrders } from "./audit-orders.ts";
import { judgeKills } from "./judge-kills.ts";
import { liveAndDie } from "./live-and-die.ts";

/** What a world was like after it had been killed again and again. */
export type KillDrill = {
  readonly mode: "sim";
  readonly seed: number;
  readonly speed: number;
  /** How often it was killed; and how often after it had begun to trade. */
  readonly kills: number;
  readonly killsAtWork: number;
  /** Whether orders were sent after the last kill. */
  readonly tradesAgain: boolean;
  /** Orders in the exchange's book, without the legs of brackets. */
  readonly ordersSent: number;
  readonly fills: number;
  readonly duplicates: number;
  readonly unguarded: number;
  readonly ok: boolean;
} & Settled;

/** What is killed, how often, and who wants to hear of it. */
export type KillDrillOptions = {
  readonly configuration: Configuration;
  /** The words that start the CLI: the program and what stands before the verb. */
  readonly command: readonly [string, ...string[]];
  readonly times: number;
  readonly seed: number;
  readonly speed: number;
  readonly stopped: AbortSignal;
  readonly onKill?: (kill: number) => void;
};

/** Most lives end at some moment of trading, the others while the world still starts. */
const AT_WORK_CHANCE = 0.8;
const WORK_MAX_MS = 4_000;
const START_MAX_MS = 1_000;
/** The world's time in which orders have to be sent again after the last kill. */
const RESUME_MAX_MS = 10 * 60_000;

/**
 * Starts the local world as a process of its own on one state directory, under load, and kills it
 * with SIGKILL at chance moments; then starts it once more, lets it settle, and audits both books.
 * `undefined` if it was stopped: half of it measures nothing. Throws `DrillFault` where a world
 * ended before it was killed.
 */
export const drillKills = (options: KillDrillOptions): Promise<KillDrill | undefined> =>
  unlessStopped(options.stopped, () => killAndAudit(options));

const killAndAudit = async (options: KillDrillOptions): Promise<KillDrill> => {
  const { configuration, seed, speed, stopped, times } = options;
  const random = createSeededRandom(seed);
  const directory = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
  let [kills, killsAtWork, meantAtWork] = [0, 0, 0];
  try {
    // JSON is YAML too.
    const file = join(directory, "holdfast.yaml");
    writeFileSync(file, JSON.stringify(busyConfiguration(configuration)));
    for (; kills < times; kills++) {
      const isAtWork = random.next() < AT_WORK_CHANCE;
      const lifeMs = random.next() * (isAtWork ? WORK_MAX_MS : START_MAX_MS);
      if (isAtWork) meantAtWork++;
      if (await liveAndDie({ ...options, directory, file, isAtWork, lifeMs })) killsAtWork++;
      requireGoing(stopped);
      options.onKill?.(kills + 1);
    }
    const settings = drillSettings(configuration);
    const world = await startDrillWorld({ settings, directory, seed, speed });
    try {
      const sentBefore = ownOrders(world.exchange).length;
      const tradesAgain = await waitUntil(world, {
        untilMs: world.nowMs() + RESUME_MAX_MS,
        stopped,
        isThere: () => ownOrders(world.exchange).length > sentBefore,
      });
      const settled = await settleWorld(world, {
        account: settings.account,
        leastMs: 0,
        stopped,
      });
      const audit = await auditOrders(world, settings.account);
      const done = { mode: "sim", seed, speed, kills, killsAtWork, tradesAgain } as const;
      const measured = { ...done, ...audit, ...settled };
      return { ...measured, ok: judgeKills(measured, { kills: times, killsAtWork: meantAtWork }) };
    } finally {
      await world.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
