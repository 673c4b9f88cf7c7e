import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { RandomStream } from "../engine/random-streams.ts";
import type { OperatorAct } from "../observation.ts";
import type { Region } from "./region.ts";
import type { SimulatedWorld } from "./world.ts";
import { toWish, type Wish } from "./wish-event.ts";

/** The people who operate: they halt and flatten, and two of them bring trading back. */
export type OperatorDesk = {
  /** Looks every few minutes, until the moment given, whether trading has to be brought back. */
  readonly keepWatch: (untilMs: number) => void;
  readonly halt: (region: Region) => Promise<void>;
  readonly flatten: (region: Region) => Promise<void>;
};

const LOOK_MS = 3 * 60_000;
const PEOPLE = ["ann", "bob"] as const;

/** Operators who make mistakes as often as `clumsiness` says, 0 to 1. */
export const createOperatorDesk = (
  world: SimulatedWorld,
  clumsiness: () => number,
): OperatorDesk => {
  const { engine, streams, view } = world;
  const stream = streams.stream("operators");
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      engine.after(ms, () => {
        engine.wake();
        resolve();
      });
    });
  const ask = (region: Region, act: OperatorAct, by: string, body: object): Promise<Answer> =>
    askRegion(world, region, { act, by, body });
  const bringBack = async (): Promise<void> => {
    const cell = view.cell();
    if (cell === undefined || cell === "damaged" || !needsPeople(cell)) return;
    // What was suspended at the broker only a person can lift, there.
    world.brokerSide.exchange.switchAccount({ suspendTrade: false }, engine.nowMs());
    const region = regionFor(world, cell.activeRegion, stream, clumsiness());
    const isForgotten = stream.draw("forgets to reconcile") < clumsiness();
    if (!isForgotten) {
      await ask(region, "reconcile", "ann", { adopt: stream.draw("adopts") < 0.5 });
    }
    const requested = await ask(region, "requestResume", "ann", {});
    if (requested.status !== 200) return;
    await pause(stream.drawInteger("second thoughts ms", 2_000, 40_000));
    const isWrong = stream.draw("approves wrongly") < clumsiness();
    const by = isWrong && stream.draw("which mistake") < 0.5 ? "ann" : "bob";
    const snapshotHash = isWrong && by === "bob" ? "0".repeat(64) : hashIn(requested.body);
    await ask(region, "approveResume", by, { snapshotHash });
  };
  const look = (untilMs: number): void => {
    if (engine.nowMs() >= untilMs) return;
    engine.after(LOOK_MS, () => look(untilMs));
    engine.wake();
    void bringBack();
  };
  const someone = (): string => stream.pick("who", PEOPLE);
  return {
    keepWatch: (untilMs) => {
      engine.after(LOOK_MS, () => look(untilMs));
    },
    halt: async (region) => {
      await ask(region, "halt", someone(), { reason: "A person has doubts." });
    },
    flatten: async (region) => {
      const suspendAtBroker = stream.draw("suspends") < 0.2;
      await ask(region, "flatten", someone(), { reason: "A person closes all.", suspendAtBroker });
      // A person who was told nothing asks again, or does something else as well.
      if (stream.draw("also halts") < 0.2)
        await ask(region, "halt", someone(), { reason: "Enough." });
    },
  };
};

type Answer = { readonly status: number; readonly body: string };

/**
 * Halted, or reducing for any reason but a takeover, which ends by itself. Flattening is left to
 * itself as long as the books are known to agree: what the broker no longer holds cannot be sold,
 * and only a person says that it is gone.
 */
const needsPeople = ({ tradingState, reconciliation }: ControlCell): boolean =>
  tradingState.mode !== "active" &&
  tradingState.by !== "failover" &&
  (!tradingState.isFlattening || reconciliation.state !== "clean");

/** The Region that trades; by mistake, or while it is cut off, the other one. */
const regionFor = (
  { regions }: SimulatedWorld,
  activeRegion: string,
  stream: RandomStream,
  clumsiness: number,
): Region => {
  const [first, second] = regions;
  const active = first.name === activeRegion ? first : second;
  const other = active === first ? second : first;
  return stream.draw("asks the other Region") < clumsiness / 2 ? other : active;
};

const askRegion = async (
  { engine, observe }: SimulatedWorld,
  region: Region,
  wish: Wish,
): Promise<Answer> => {
  const { act, by } = wish;
  observe({ type: "operatorAsked", region: region.name, act, by });
  let answer: Answer;
  try {
    const { statusCode = 500, body = "" } = (await region.invoke(
      "control-trading",
      toWish(wish, engine.nowMs()),
      // The handler of an HTTP API answers so.
    )) as { readonly statusCode?: number; readonly body?: string };
    answer = { status: statusCode, body };
  } catch {
    answer = { status: 504, body: "" };
  }
  observe({ type: "operatorAnswered", region: region.name, act, by, ...answer });
  return answer;
};

/** What the second principal is shown of the first one's request. */
const hashIn = (body: string): string =>
  /"snapshotHash":"(?<hash>[0-9a-f]{64})"/.exec(body)?.groups?.["hash"] ?? "";
