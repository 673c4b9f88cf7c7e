import type { Session } from "../../shared/domain/market/calendar.ts";
import { QUANTITY_UNITS_PER_SHARE, type Quantity } from "../../shared/domain/market/quantity.ts";
import type { OrderRequest } from "../../local/exchange/core/order.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { SplitRatio } from "../../shared/domain/market/share-split.ts";
import { aimAtClaim, aimAtOrders } from "./aim-at-orders.ts";
import { activeOf, durationMs, type Mishap, passiveOf, type Scene } from "./mishap.ts";
import type { Region } from "./region.ts";
import { DATA_VENDORS, type VendorTrouble } from "./simulated-vendors.ts";
import { TENDING_MISHAPS } from "./tending-mishaps.ts";
import type { SimulatedWorld } from "./world.ts";

const MS_PER_MINUTE = 60_000;

/** Plans everything that happens from outside between two moments. */
export const planMishaps = (
  scene: Scene,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): void => {
  const { engine, faults, streams } = scene.world;
  const stream = streams.stream("mishaps");
  const sessions = Math.max(1, Math.round((untilMs - fromMs) / (24 * 60 * MS_PER_MINUTE)));
  for (const mishap of [...MISHAPS, ...TENDING_MISHAPS]) {
    const { kind } = mishap;
    const place = faults.placeOf(`mishap ${kind}`);
    const times = stream.drawInteger(`${kind} times`, 1, mishap.timesMax) * sessions;
    for (let time = 0; time < times; time++) {
      const atMs = fromMs + Math.floor(stream.draw(`${kind} at`) * (untilMs - fromMs));
      engine.at(atMs, () => {
        if (!faults.strikes(kind, place.pass(atMs), place.name)) return;
        engine.wake();
        mishap.happen(scene, (about) => stream.draw(`${kind} ${time} ${about}`));
      });
    }
  }
};

/** Longer than a price is good for an entry. */
const LAG_LEAST_MS = 2 * MS_PER_MINUTE;
const LAG_MINUTES = 2;
const BACKLOG_LEAST_MS = 10 * MS_PER_MINUTE;
const BACKLOG_MINUTES = 10;

/** So long a Region cannot reach the ledger while its cell is damaged right behind a claim. */
const CUT_OFF_MS = 20_000;
const POSITIONS_OUT_MS = 150_000;

/** A person moves the account to the other Region. */
const takeOver = async (world: SimulatedWorld, region: Region): Promise<void> => {
  const cell = world.view.cell();
  if (cell === undefined || cell === "damaged" || cell.activeRegion === region.name) return;
  try {
    await region.invoke("failover", { epoch: cell.epoch });
  } catch {
    // Whoever asked is told, and thinks again.
  }
};

/** One vendor in most cases, the first ones more often than the others; or all of them at once. */
const troubled = (
  { vendorSide }: SimulatedWorld,
  draw: (about: string) => number,
): readonly VendorTrouble[] => {
  const all = DATA_VENDORS.map((vendor) => vendorSide.troubleOf(vendor));
  const one = all[Math.floor(draw("vendor") ** 2 * all.length)];
  return draw("how many") < 0.35 || one === undefined ? all : [one];
};

const MISHAPS: readonly Mishap[] = [
  {
    kind: "vendor-outage",
    timesMax: 2,
    happen: ({ world }, draw) => {
      const untilMs = world.engine.nowMs() + durationMs(draw("minutes"), 15);
      const struck = troubled(world, draw);
      // One that is out for longer already stays so.
      for (const one of struck) one.outageUntilMs = Math.max(one.outageUntilMs, untilMs);
      if (struck.length < DATA_VENDORS.length) return;
      world.observe({ type: "outageBegan", of: "every vendor", untilMs });
    },
  },
  {
    kind: "stale-prices",
    timesMax: 2,
    happen: ({ world }, draw) => {
      const untilMs = world.engine.nowMs() + durationMs(draw("minutes"), 8);
      for (const trouble of troubled(world, draw)) trouble.staleUntilMs = untilMs;
    },
  },
  {
    kind: "broker-outage",
    timesMax: 2,
    happen: ({ world: { engine, brokerSide, observe } }, draw) => {
      const untilMs = engine.nowMs() + durationMs(draw("minutes"), 10);
      brokerSide.outageUntilMs = Math.max(brokerSide.outageUntilMs, untilMs);
      observe({ type: "outageBegan", of: "broker", untilMs: brokerSide.outageUntilMs });
    },
  },
  {
    kind: "region-cut-off",
    timesMax: 2,
    happen: ({ world }, draw) => {
      const { engine } = world;
      const isActive = draw("which") < 0.7;
      const region = isActive ? activeOf(world) : passiveOf(world);
      region.setIsolated(true);
      engine.after(durationMs(draw("minutes"), 12), () => region.setIsolated(false));
    },
  },
  {
    kind: "takeover",
    timesMax: 3,
    happen: ({ world }, draw) => {
      aimAtOrders(world, draw, () => void takeOver(world, passiveOf(world)));
    },
  },
  {
    kind: "operator-halt",
    timesMax: 2,
    happen: ({ world, desk }, draw) => {
      const isRight = draw("where") < 0.8;
      aimAtOrders(world, draw, () => {
        void desk.halt(isRight ? activeOf(world) : passiveOf(world));
      });
    },
  },
  {
    kind: "operator-flatten",
    timesMax: 1,
    happen: ({ world, desk }, draw) => {
      const isRight = draw("where") < 0.8;
      aimAtOrders(world, draw, () => {
        void desk.flatten(isRight ? activeOf(world) : passiveOf(world));
      });
    },
  },
  {
    kind: "external-fill",
    timesMax: 1,
    happen: ({ world }, draw) => {
      const { brokerSide, market, engine } = world;
      const { symbol } = market.symbols[Math.floor(draw("symbol") * market.symbols.length)] ?? {};
      if (symbol === undefined) return;
      const { exchange } = brokerSide;
      // A person trades at the broker's own page, under a name that is not ours.
      if (draw("what") < 0.5) exchange.closePosition(symbol, undefined, engine.nowMs());
      else exchange.submitOrder(boughtByPerson(symbol), engine.nowMs());
    },
  },
  {
    kind: "external-cancel",
    timesMax: 3,
    happen: ({ world: { brokerSide, engine } }, draw) => {
      const query = { status: "open", limit: 100, direction: "asc" } as const;
      const open = brokerSide.exchange.listOrders(query);
      const order = open[Math.floor(draw("order") * open.length)];
      if (order !== undefined) brokerSide.exchange.cancelOrder(order.id, engine.nowMs());
    },
  },
  {
    kind: "corrupt-cell",
    timesMax: 1,
    happen: ({ world }, draw) => {
      const { engine, brokerSide, ledger } = world;
      const how = draw("how");
      if (how < 0.5) {
        // At its worst: the claim is stored, and its function can tell no history of it.
        aimAtClaim(world, (region) => {
          void ledger.damageCell();
          region.setIsolated(true);
          engine.after(CUT_OFF_MS, () => region.setIsolated(false));
        });
        return;
      }
      if (how < 0.65) {
        void ledger.damageCell();
        return;
      }
      // Something is held, and nobody can see it.
      world.whenNext(
        (seen) => seen.type === "brokerFill",
        () => {
          engine.after(2_000, () => {
            engine.wake();
            void ledger.damageCell();
            brokerSide.positionsOutUntilMs = engine.nowMs() + POSITIONS_OUT_MS;
          });
        },
      );
    },
  },
  {
    kind: "price-gap",
    timesMax: 1,
    happen: ({ world: { market } }, draw) => {
      const { symbol } = market.symbols[Math.floor(draw("symbol") * market.symbols.length)] ?? {};
      if (symbol !== undefined) market.jump(symbol, draw("way") < 0.5 ? 0.82 : 1.22);
    },
  },
  {
    kind: "deployment",
    timesMax: 3,
    happen: ({ world }, draw) => {
      const region = draw("which") < 0.7 ? activeOf(world) : passiveOf(world);
      region.recycle();
    },
  },
  {
    kind: "market-data-backlog",
    timesMax: 2,
    happen: ({ world }, draw) => {
      const lagMs = LAG_LEAST_MS + durationMs(draw("lag"), LAG_MINUTES);
      const lastsMs = BACKLOG_LEAST_MS + durationMs(draw("minutes"), BACKLOG_MINUTES);
      // Something is held now, and may have to be left meanwhile.
      world.whenNext(
        (seen) => seen.type === "brokerFill",
        () => {
          if (world.faults.isStopped()) return;
          activeOf(world).lag("market-data", lagMs, world.engine.nowMs() + lastsMs);
        },
      );
    },
  },
  {
    kind: "damaged-history",
    timesMax: 1,
    happen: ({ world: { ledger, view } }) => {
      const cell = view.cell();
      if (cell === undefined || cell === "damaged") return;
      const [clientOrderId] = Object.keys(cell.inFlight);
      if (clientOrderId !== undefined) void ledger.damageHistory(clientOrderId);
    },
  },
];

const boughtByPerson = (symbol: Ticker): OrderRequest => ({
  symbol,
  side: "buy",
  type: "market",
  timeInForce: "day",
  quantity: QUANTITY_UNITS_PER_SHARE as Quantity,
  clientOrderId: `person-${symbol}`,
});

const RATIOS = [
  { newShares: 10, oldShares: 1 },
  { newShares: 2, oldShares: 1 },
  { newShares: 4, oldShares: 1 },
  { newShares: 3, oldShares: 2 },
  { newShares: 1, oldShares: 5 },
] as const;

/** How long before an open a split takes effect. */
const SPLIT_BEFORE_OPEN_MS = 90 * MS_PER_MINUTE;

/** Splits a symbol's shares before an open: at the broker, and in every vendor's prices. */
export const planSplit = (world: SimulatedWorld, { opensAtMs }: Session): void => {
  const { engine, faults, streams, market, brokerSide } = world;
  const stream = streams.stream("splits");
  const place = faults.placeOf("mishap split");
  const index = Math.floor(stream.draw("symbol") * market.symbols.length);
  const ratio = stream.pick<SplitRatio>("ratio", RATIOS);
  const openOrders = stream.draw("open orders") < 0.5 ? "adjusted" : "cancelled";
  const atMs = opensAtMs - SPLIT_BEFORE_OPEN_MS;
  engine.at(atMs, () => {
    const symbol = market.symbols[index]?.symbol;
    if (symbol === undefined || !faults.strikes("split", place.pass(atMs), place.name)) return;
    market.split(symbol, ratio.newShares / ratio.oldShares);
    brokerSide.exchange.splitShares({ symbol, ...ratio, openOrders }, atMs);
    world.observe({ type: "split", symbol, ratio: ratio.newShares / ratio.oldShares });
  });
};

/** Ends what lasts: outages, isolation and what is not shown yet. */
export const endMishaps = (world: SimulatedWorld): void => {
  const { regions, brokerSide, vendorSide, engine } = world;
  engine.wake();
  void world.sign();
  brokerSide.outageUntilMs = engine.nowMs();
  brokerSide.positionsOutUntilMs = engine.nowMs();
  for (const vendor of DATA_VENDORS) {
    const trouble = vendorSide.troubleOf(vendor);
    trouble.outageUntilMs = engine.nowMs();
    trouble.staleUntilMs = engine.nowMs();
  }
  vendorSide.flow.outageUntilMs = engine.nowMs();
  for (const region of regions) {
    region.setIsolated(false);
    region.lag("market-data", 0, engine.nowMs());
    region.silence("topic", engine.nowMs());
    region.silence("pager", engine.nowMs());
    region.silence("locked", engine.nowMs());
    if (region.runsUnsigned()) region.deploy();
  }
};
