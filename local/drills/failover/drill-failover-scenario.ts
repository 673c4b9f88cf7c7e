import { isFailoverOk, type FailoverRow } from "../../../shared/domain/failover/failover-row.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import { parseClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import { createOrderWitness, type OrderWitness } from "../../replay/order-witness.ts";
import { ownOrders } from "../compare-ledger.ts";
import { loadCell, settleWorld } from "../settle-world.ts";
import { waitUntil } from "../wait-until.ts";
import type { FailoverScenario } from "./failover-scenarios.ts";
import { REGIONS, startTwoRegions, type RegionName, type TwoRegions } from "./two-regions.ts";

/** Where and how a scenario is run. */
export type FailoverScenarioOptions = {
  readonly settings: Settings;
  /** An empty directory. */
  readonly directory: string;
  readonly seed: number;
  readonly speed: number;
  readonly stopped: AbortSignal;
};

const MINUTE_MS = 60_000;
/** Trading before each strike, so that it meets positions, brackets and working orders. */
const CALM_MS = 2 * MINUTE_MS;
const FENCE_MAX_MS = 15 * MINUTE_MS;
const ACTIVE_MAX_MS = 30 * MINUTE_MS;
/** What agrees sooner is not believed: longer than an order may stay unseen. */
const SETTLE_LEAST_MS = 3 * MINUTE_MS;

/** Strikes in one direction, lets the other Region take over, heals; then the same way back. */
export const drillFailoverScenario = async (
  scenario: FailoverScenario,
  options: FailoverScenarioOptions,
): Promise<readonly FailoverRow[]> => {
  const witness = createOrderWitness({ add: () => undefined });
  const world = await startTwoRegions({ ...options, witness });
  try {
    await trading(world, options);
    // Whichever opened the account first has it.
    const { activeRegion } = await loadCell(world, options.settings.account);
    const [first, second] =
      activeRegion === REGIONS[0] ? REGIONS : ([REGIONS[1], REGIONS[0]] as const);
    const there = await drillDirection(scenario, options, {
      world,
      witness,
      from: first,
      to: second,
    });
    if (options.stopped.aborted || there.secondsToActive === null) return [there];
    const back = await drillDirection(scenario, options, {
      world,
      witness,
      from: second,
      to: first,
    });
    return [there, back];
  } finally {
    await world.stop();
  }
};

type Direction = {
  readonly world: TwoRegions;
  readonly witness: OrderWitness;
  readonly from: RegionName;
  readonly to: RegionName;
};

/** Waits for some calm in which at least one more order is sent; whether it was. */
const trading = async (
  world: TwoRegions,
  { stopped }: Pick<FailoverScenarioOptions, "stopped">,
): Promise<boolean> => {
  const beganAtMs = world.nowMs();
  const before = ownOrders(world.exchange).length;
  return waitUntil(world, {
    untilMs: beganAtMs + ACTIVE_MAX_MS,
    stopped,
    isThere: () =>
      world.nowMs() >= beganAtMs + CALM_MS && ownOrders(world.exchange).length > before,
  });
};

const drillDirection = async (
  scenario: FailoverScenario,
  { settings, stopped, speed }: FailoverScenarioOptions,
  direction: Direction,
): Promise<FailoverRow> => {
  const { world, witness, from, to } = direction;
  const { account } = settings;
  const alertsBefore = world.alerts().length;
  const times = await strike(scenario, { settings, stopped }, direction);
  world.regions[from].gate.set("up");
  const tradesAgain = await trading(world, { stopped });
  const settled = await settleWorld(world, { account, leastMs: SETTLE_LEAST_MS, stopped });
  const { duplicateOrders, unguardedOrders } = witness.findFaults();
  const cell = await loadCell(world, account);
  const areUp = REGIONS.every((name) => world.regions[name].gate.state() === "up");
  const auditFlaws = await world.verifyAudit();
  const measured = {
    scenario: scenario.name,
    from,
    to,
    speed,
    ordersSent: ownOrders(world.exchange).length,
    doubled: duplicateOrders,
    unguarded: unguardedOrders,
    lost: await countLost(world),
    unknownLeft: settled.unknownLeft,
    ...times,
    alerts: [
      ...new Set(
        world
          .alerts()
          .slice(alertsBefore)
          .map(({ key }) => key),
      ),
    ],
    tradesAgain,
    ledgerEqualsBroker: settled.ledgerEqualsBroker,
    isRestored: areUp && cell.activeRegion === to && cell.tradingState.mode === "active",
    differences: [...settled.differences, ...auditFlaws],
  };
  return { ...measured, ok: isFailoverOk(measured) && auditFlaws.length === 0 };
};

type Times = Pick<FailoverRow, "secondsToFence" | "secondsToActive">;

/** Lets it happen, and measures how long the other Region took until it traded. */
const strike = async (
  scenario: FailoverScenario,
  { settings, stopped }: Pick<FailoverScenarioOptions, "settings" | "stopped">,
  { world, from, to }: Direction,
): Promise<Times> => {
  const { nowMs } = world;
  const until = (maxMs: number, isThere: () => boolean | Promise<boolean>): Promise<boolean> =>
    waitUntil(world, { untilMs: nowMs() + maxMs, stopped, isThere });
  const { ended } = await scenario.strike({
    world,
    from,
    to,
    until: (isThere) => until(ACTIVE_MAX_MS, isThere),
  });
  const struckAtMs = nowMs();
  const secondsUntil = async (
    maxMs: number,
    isThere: (cell: ControlCell) => boolean,
  ): Promise<number | null> => {
    const look = async (): Promise<boolean> => isThere(await loadCell(world, settings.account));
    return (await until(maxMs, look)) ? Math.round((nowMs() - struckAtMs) / 1_000) : null;
  };
  const secondsToFence = await secondsUntil(FENCE_MAX_MS, (cell) => cell.activeRegion === to);
  const secondsToActive =
    secondsToFence === null
      ? null
      : await secondsUntil(ACTIVE_MAX_MS, ({ tradingState }) => tradingState.mode === "active");
  await ended;
  return { secondsToFence, secondsToActive };
};

/** Orders of the book that the ledger has no history of. */
const countLost = async ({ exchange, ledger }: TwoRegions): Promise<number> => {
  let lost = 0;
  for (const { clientOrderId } of ownOrders(exchange)) {
    const id = parseClientOrderId(clientOrderId);
    const events = id === undefined ? undefined : await ledger.loadEvents(id);
    if (events?.ok !== true || events.value.length === 0) lost++;
  }
  return lost;
};
