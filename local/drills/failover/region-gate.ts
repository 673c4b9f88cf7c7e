import type { HttpClient, HttpOutcome } from "../../../shared/adapters/http/http-client.ts";
import type { ItemStore } from "../../../shared/adapters/stored/item-store.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { MessageQueue } from "../../../shared/ports/message-queue.ts";
import type { WakingQueue, WorldQueues } from "../../world/queues.ts";

/**
 * How a Region stands to the world. `gone`: nothing that it does has an effect, and it learns
 * nothing. `frozen`: the same, but whatever it was doing goes on when it thaws. `cutOff`: all but
 * the ledger answers.
 */
export type RegionState = "up" | "gone" | "frozen" | "cutOff";

/** Stands between a Region's functions and everything that they reach. */
export type RegionGate = {
  readonly set: (state: RegionState) => void;
  readonly state: () => RegionState;
  /** The Region is gone as soon as the broker has taken its next order, before it hears of that. */
  readonly goneAfterNextOrder: () => void;
  /** The next write that raises the epoch happens, and its answer is lost. */
  readonly loseNextTakeover: () => void;
  readonly guardLedger: (items: ItemStore) => ItemStore;
  readonly guardTelemetry: (items: ItemStore) => ItemStore;
  readonly guardHttp: (http: HttpClient) => HttpClient;
  readonly guardQueues: (queues: WorldQueues) => WorldQueues;
};

/** Makes the gate of a Region that is up. */
export const createRegionGate = (): RegionGate => {
  let state: RegionState = "up";
  let isOrderLast = false;
  let isTakeoverLost = false;
  let thaw: (() => void)[] = [];
  const set = (next: RegionState): void => {
    state = next;
    if (next === "frozen") return;
    for (const goOn of thaw.splice(0)) goOn();
  };
  /** Waits while frozen; then throws where the Region does not reach this. */
  const pass = async (isLedger = false): Promise<void> => {
    if (state === "frozen") await new Promise<void>((goOn) => void thaw.push(goOn));
    if (state === "gone" || (isLedger && state === "cutOff")) throw new RetryableError(LOST);
  };
  const guardItems = (items: ItemStore, isLedger: boolean): ItemStore => {
    const guarded =
      <Input extends readonly unknown[], Answer>(call: (...input: Input) => Promise<Answer>) =>
      async (...input: Input): Promise<Answer> => {
        await pass(isLedger);
        const answer = await call(...input);
        // What is lost on the way back has happened all the same.
        await pass(isLedger);
        return answer;
      };
    return {
      isTrusted: items.isTrusted,
      get: guarded(items.get),
      getRaw: guarded(items.getRaw),
      query: guarded(items.query),
      add: guarded(items.add),
      putMany: guarded(items.putMany),
      getMany: guarded(items.getMany),
      put: guarded(async (item, condition) => {
        const stored = await items.put(item, condition);
        const epoch = condition.type === "revisionIs" ? condition.revision.epoch : Infinity;
        const isTakeover = stored.ok && (item.revision?.epoch ?? 0) > epoch;
        if (!isTakeover || !isTakeoverLost) return stored;
        isTakeoverLost = false;
        throw new RetryableError("The answer of the ledger was lost.");
      }),
    };
  };
  return {
    set,
    state: () => state,
    goneAfterNextOrder: () => {
      isOrderLast = true;
    },
    loseNextTakeover: () => {
      isTakeoverLost = true;
    },
    guardLedger: (items) => guardItems(items, true),
    guardTelemetry: (items) => guardItems(items, false),
    guardHttp: (http) => ({
      ...http,
      send: async (request) => {
        const wasFrozen = state === "frozen";
        if (!(await reaches(pass))) return NO_CONNECTION;
        // Its time was over long before the thaw: the socket is dead.
        if (wasFrozen && request.method !== "GET") return TIMED_OUT;
        const outcome = await http.send(request);
        const isOrder = request.method === "POST" && request.url.endsWith("/v2/orders");
        if (isOrderLast && isOrder && outcome.type === "answer" && outcome.status < 300) {
          isOrderLast = false;
          set("gone");
        }
        return (await reaches(pass)) ? outcome : RESET;
      },
    }),
    guardQueues: (queues) => ({
      ...queues,
      marketData: guardQueue(queues.marketData, pass),
      orders: guardQueue(queues.orders, pass),
      exits: guardQueue(queues.exits, pass),
      alerts: guardQueue(queues.alerts, pass),
    }),
  };
};

const LOST = "The Region reaches nothing.";
const NO_CONNECTION: HttpOutcome = { type: "noConnection", detail: LOST };
const RESET: HttpOutcome = { type: "reset", detail: LOST };
const TIMED_OUT: HttpOutcome = { type: "timeout", detail: LOST };

type Pass = () => Promise<void>;

const reaches = (pass: Pass): Promise<boolean> =>
  pass().then(
    () => true,
    () => false,
  );

const guardQueue = (queue: WakingQueue, pass: Pass): WakingQueue => {
  const guard =
    <Input, Answer>(call: (input: Input) => Promise<Answer>) =>
    async (input: Input): Promise<Answer> => {
      await pass();
      return call(input);
    };
  const receive: MessageQueue["receive"] = async (limit) =>
    (await reaches(pass)) ? queue.receive(limit) : [];
  return {
    ...queue,
    receive,
    send: guard(queue.send),
    remove: guard(queue.remove),
    release: guard(queue.release),
  };
};
