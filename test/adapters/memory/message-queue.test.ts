import { createMemoryQueue } from "../../../shared/adapters/memory/message-queue.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { createManualClock } from "../../contracts/manual-clock.ts";
import { describeMessageQueue } from "../../contracts/message-queue.ts";

describeMessageQueue(
  "memory queue",
  async (options) => {
    const clock = createManualClock(OPEN_MS);
    const queue = createMemoryQueue(options, clock);
    const { deadLetters } = queue;
    return { queue, deadLetters, nowMs: clock.nowMs, advance: clock.advance };
  },
  { runs: 300 },
);
