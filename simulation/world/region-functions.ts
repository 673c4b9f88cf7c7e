import type { Prompt } from "../../shared/adapters/memory/at-once.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { FunctionName, QueueName } from "../observation.ts";
import type { AlertTopic } from "../services/alert-topic.ts";
import { createLambda, type LambdaFunction } from "../services/lambda.ts";
import { DEPLOYED, FUNCTION_NAMES, timeoutMsOf } from "./deployment.ts";
import { drawSkewMs } from "./clock-skew.ts";
import { createEnvironments, type EnvironmentDeps } from "./environment.ts";
import type { RegionQueues } from "./region-queues.ts";
import type { SharedWorld } from "./shared-world.ts";

/** Calls a function of a Region; rejects with what it threw, or with what Lambda says. */
export type Invoke = (name: FunctionName, event: unknown) => Promise<unknown>;

/** A Region's functions, as they are deployed. */
export type RegionFunctions = {
  readonly invoke: Invoke;
  /** Ends every environment, as a deployment does. */
  readonly recycle: () => void;
};

/** What a Region's functions stand on. */
export type RegionFunctionsDeps = {
  readonly shared: SharedWorld;
  /** What the functions run with now. */
  readonly settingsNow: () => Settings;
  readonly queues: RegionQueues;
  readonly topic: Pick<AlertTopic, "alerts">;
  readonly isCutOff: () => boolean;
  /** Before this moment the pager asks for another try. */
  readonly pagerTrouble: { readonly outUntilMs: number };
  /** Before this moment the locked store answers nobody here. */
  readonly lockedTrouble: { readonly outUntilMs: number };
};

/** Deploys every function. */
export const createRegionFunctions = (deps: RegionFunctionsDeps): RegionFunctions => {
  const { shared } = deps;
  const { region } = deps.settingsNow();
  const reach = reachOf(deps);
  const lambdas = new Map<FunctionName, LambdaFunction>();
  const lambdaOf = (name: FunctionName): LambdaFunction => {
    const known = lambdas.get(name);
    if (known === undefined) throw new Error(`${name} is not deployed.`);
    return known;
  };
  for (const name of FUNCTION_NAMES) {
    const kill: EnvironmentDeps["kill"] = (invocation, where) =>
      lambdaOf(name).kill(invocation, where);
    const create = createEnvironments({ ...reach, kill }, name);
    lambdas.set(
      name,
      createLambda(
        {
          name,
          timeoutMs: timeoutMsOf(name),
          concurrencyMax: DEPLOYED[name].concurrencyMax,
        },
        { ...shared, region },
        create,
      ),
    );
  }
  return {
    invoke: (name, event) => lambdaOf(name).invoke(event),
    recycle: () => {
      for (const lambda of lambdas.values()) lambda.recycle();
    },
  };
};

/** What all functions of a Region reach, each through ports of its own. */
const reachOf = (deps: RegionFunctionsDeps): Omit<EnvironmentDeps, "kill"> => {
  const { shared, settingsNow, queues, topic, isCutOff } = deps;
  const { region } = settingsNow();
  const senderOf = (queue: QueueName): Prompt<MessageSender> => ({
    send: (messages) => queues.send(queue, messages),
  });
  return {
    shared,
    settingsNow,
    archive: createMemoryArchive(),
    queues: {
      marketData: senderOf("market-data"),
      orders: senderOf("orders.fifo"),
      exits: {
        ...senderOf("exits.fifo"),
        release: (receipt, afterMs = 0) => queues.release("exits.fifo", receipt, afterMs),
      },
    },
    deadLettersOf: (queueName) => ({
      send: (messages) => {
        for (const message of messages) queues.bury(queueName, message);
      },
    }),
    deadOf: (queue) => {
      const { receive, remove, release, depth } = queues.deadOf(queue);
      const { engine } = shared;
      return {
        receive: (limit) => receive(limit, engine.nowMs()),
        remove: (receipt) => remove(receipt),
        release: (receipt) => release(receipt),
        depth: () => depth(),
      };
    },
    buckets: shared.locked.bucketsOf(region),
    isLockedOut: () => shared.engine.nowMs() < deps.lockedTrouble.outUntilMs,
    alerts: topic.alerts,
    pager: {
      page: (alert) => {
        if (shared.engine.nowMs() < deps.pagerTrouble.outUntilMs) return "retryLater";
        shared.observe({ type: "paged", region, alert });
        return "accepted";
      },
    },
    isCutOff,
    skewMs: drawSkewMs(shared, region),
  };
};
