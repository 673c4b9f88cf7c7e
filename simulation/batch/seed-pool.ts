import { Worker } from "node:worker_threads";
import { assert } from "../../shared/domain/assert.ts";
import type { SeedAnswer, SeedTask } from "./seed-task.ts";

/** Threads that run seeds, each one at a time. */
export type SeedPool = {
  readonly size: number;
  /** Waits for a free thread; never rejects: what breaks a thread is its answer. */
  readonly run: (task: SeedTask, timeoutMs: number) => Promise<SeedAnswer>;
  /** Ends every thread; tasks that are under way are answered as broken. */
  readonly close: () => Promise<void>;
};

/** What a pool is made from. */
export type SeedPoolOptions = {
  readonly size: number;
  /** The planted bug that production code has in these threads. */
  readonly plant?: string;
};

/** Makes a pool; its threads start with the first tasks. */
export const createSeedPool = ({ size, plant }: SeedPoolOptions): SeedPool => {
  assert(size >= 1, "A pool has a thread.");
  const idle: Thread[] = [];
  const waiting: (() => void)[] = [];
  const all = new Set<Thread>();
  let busy = 0;
  let isClosed = false;
  const take = async (): Promise<Thread> => {
    if (busy >= size) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    }
    busy += 1;
    const thread = idle.pop() ?? startThread(plant);
    all.add(thread);
    return thread;
  };
  const giveBack = (thread: Thread): void => {
    busy -= 1;
    if (thread.isUsable()) idle.push(thread);
    else all.delete(thread);
    waiting.shift()?.();
  };
  return {
    size,
    run: async (task, timeoutMs) => {
      const thread = await take();
      try {
        return isClosed ? CLOSED : await thread.run(task, timeoutMs);
      } finally {
        giveBack(thread);
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...all].map((thread) => thread.end()));
    },
  };
};

const CLOSED: SeedAnswer = { type: "broke", detail: "The batch was ended." };

/** One worker, which is thrown away once it has failed. */
type Thread = {
  readonly run: (task: SeedTask, timeoutMs: number) => Promise<SeedAnswer>;
  readonly isUsable: () => boolean;
  readonly end: () => Promise<unknown>;
};

/** Most of what a world makes is gone a minute of its time later: room for it saves a sixth of all work. */
const YOUNG_MEBIBYTES = 96;

const startThread = (plant: string | undefined): Thread => {
  const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), {
    workerData: { plant: plant ?? null },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
  });
  let isUsable = true;
  let settle: ((answer: SeedAnswer) => void) | undefined;
  const fail = (detail: string): void => {
    isUsable = false;
    settle?.({ type: "broke", detail });
  };
  worker.on("message", (answer: SeedAnswer) => settle?.(answer));
  worker.on("error", (error) => fail(error.stack ?? error.message));
  worker.on("exit", () => fail("The thread has ended."));
  // Between tasks it must not keep the process alive.
  worker.unref();
  return {
    isUsable: () => isUsable,
    end: () => worker.terminate(),
    run: async (task, timeoutMs) => {
      worker.ref();
      const timer = setTimeout(() => {
        fail(`It did not end within ${timeoutMs / 1_000} s.`);
        void worker.terminate();
      }, timeoutMs);
      const answer = await new Promise<SeedAnswer>((resolve) => {
        settle = resolve;
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: a thread
        if (isUsable) worker.postMessage(task);
        else resolve({ type: "broke", detail: "The thread could not be started." });
      });
      clearTimeout(timer);
      worker.unref();
      return answer;
    },
  };
};
