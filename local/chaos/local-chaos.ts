import {
  createChaosFollower,
  type ChaosFollower,
} from "../../shared/adapters/chaos/chaos-control.ts";
import { createStoredChaosLog } from "../../shared/adapters/stored/chaos-log.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import {
  CHAOS_SUMMARY,
  FAILURES,
  STRIKES_ONCE,
  type ChaosWorld,
  type Failure,
} from "../../shared/domain/chaos/chaos-mode.ts";
import { endOf } from "../../shared/domain/chaos/chaos-record.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Chaos, ChaosLog } from "../../shared/ports/chaos.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import { CHAOS_MINUTES_MAX } from "../../shared/use-cases/control-chaos.ts";
import type { TellEvent } from "../world/world-event.ts";

/** Chaos in a local world: what the adapters ask, and what the operator's API is given. */
export type LocalChaos = {
  readonly control: ChaosFollower;
  readonly port: Chaos;
  /** Ends what an earlier run was stopped in the middle of: nothing is broken by accident. */
  readonly begin: () => Promise<void>;
  /** Causes the failure that CHAOS_MODE names; it ends by itself as every other does. */
  readonly breakFirst: (failure: Failure) => Promise<void>;
};

/** What a local world can be broken in. */
export type LocalChaosOptions = {
  readonly world: ChaosWorld;
  /** Where the log is, and the signed configuration. */
  readonly items: ItemStore;
  readonly ledgerItems: ItemStore;
  readonly queues: Readonly<Record<"marketData" | "orders" | "exits", MessageSender>>;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "account" | "region">;
  readonly tell: TellEvent;
};

/** Makes it; damage is done below every adapter, to what is stored. */
export const createLocalChaos = (options: LocalChaosOptions): LocalChaos => {
  const { world, items, clock, settings } = options;
  const log = toldLog(createStoredChaosLog(items, settings), options);
  const control = createChaosFollower(world, log, clock);
  const strikes = strikesOf(options);
  return {
    control,
    port: { log: control.log, causes: FAILURES, strikes, clock },
    breakFirst: async (failure) => {
      const beganAtMs = clock.nowMs();
      const lastsMs = STRIKES_ONCE.includes(failure) ? 1 : CHAOS_MINUTES_MAX * MINUTE_MS;
      const times = { beganAtMs, endsAtMs: beganAtMs + lastsMs, clearedAtMs: null };
      await control.log.note({ failure, by: "CHAOS_MODE", ...times });
      await strikes[failure]?.();
    },
    begin: async () => {
      const [last] = await log.list(1);
      const nowMs = clock.nowMs();
      if (last !== undefined && endOf(last, nowMs) === null) {
        await control.log.note({ ...last, clearedAtMs: nowMs });
      }
    },
  };
};

/** Whoever looks at the terminal sees what is broken. */
const toldLog = (log: ChaosLog, { tell, clock }: LocalChaosOptions): ChaosLog => ({
  list: log.list,
  note: async (record) => {
    await log.note(record);
    const { failure, by, endsAtMs: untilMs, clearedAtMs } = record;
    const breaks = CHAOS_SUMMARY[failure];
    const isOver = clearedAtMs !== null;
    tell({ type: "chaos", atMs: clock.nowMs(), failure, breaks, by, isOver, untilMs });
  },
});

const MINUTE_MS = 60_000;
const DAMAGE = "nobody reads this";

const strikesOf = ({
  items,
  ledgerItems,
  queues,
  settings: { account },
}: LocalChaosOptions): Readonly<Partial<Record<Failure, () => Promise<void>>>> => ({
  state_corrupt: async () => {
    const key = { partition: `cell#${account}`, sort: "cell" };
    const cell = await ledgerItems.get(key);
    if (cell?.revision === undefined) return;
    // A revision on: a writer that has just read the cell must not undo the damage unseen.
    const revision = { ...cell.revision, version: cell.revision.version + 1 };
    await ledgerItems.putMany([{ ...key, revision, document: DAMAGE }]);
  },
  config_drift: async () => {
    const signed = await items.get({ partition: `policy#${account}`, sort: "signed" });
    const { document } = signed ?? {};
    if (signed === undefined || typeof document !== "object") return;
    await items.putMany([{ ...signed, document: { ...document, signatures: [DAMAGE] } }]);
  },
  queue_poison: async () => {
    const body = "{ nobody reads this";
    await queues.marketData.send([{ body }]);
    await queues.orders.send([{ body, group: "poison", deduplicationId: "poison" }]);
    await queues.exits.send([{ body, group: "poison", deduplicationId: "poison" }]);
  },
});
