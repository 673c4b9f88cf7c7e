import { afterAll, beforeAll, vi } from "vitest";
import type { createSqsClient } from "../../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../../shared/adapters/aws/message-queue.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { describeMessageQueue } from "../../contracts/message-queue.ts";
import { createTestQueue } from "./create-test-queue.ts";
import type { startFauxqs } from "./fauxqs.ts";

/** Holds the queues of a client against the contract, in an emulator of this process. */
export const describeSqsQueue = (
  name: string,
  client: ReturnType<typeof createSqsClient>,
  settings: Awaited<ReturnType<typeof startFauxqs>>,
  options: { readonly runs: number },
): void => {
  afterAll(() => client.destroy());

  // The emulator reads its date, which stands still until it is set.
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: OPEN_MS });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  const clock = createHostClock();
  let queues = 0;

  describeMessageQueue(
    name,
    async (bounds) => {
      queues += 1;
      const urls = await createTestQueue(settings, `queue-${queues}`, bounds);
      return {
        queue: createSqsQueue({ client, ...urls }),
        deadLetters: createSqsQueue({ client, url: urls.deadLetterUrl }),
        nowMs: clock.nowMs,
        advance: (ms) => {
          vi.setSystemTime(clock.nowMs() + ms);
        },
      };
    },
    options,
  );
};
