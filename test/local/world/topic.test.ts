import { createTopicAlerts, toTopicEvent } from "../../../local/world/topic.ts";
import { createMemoryQueue } from "../../../shared/adapters/memory/message-queue.ts";
import { describeAlerts } from "../../contracts/alerts.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { createManualClock } from "../../contracts/manual-clock.ts";

describeAlerts("the local world's alerts", async () => {
  const options = { kind: "standard", visibilityTimeoutMs: 60_000, maxReceiveCount: 3 } as const;
  const queue = createMemoryQueue(options, createManualClock(OPEN_MS));
  return {
    alerts: createTopicAlerts(queue),
    arrived: async () => {
      const messages = await queue.receive(10);
      return messages
        .flatMap(({ id, body, sentAtMs }) => toTopicEvent(id, body, sentAtMs).Records)
        .map(({ Sns }): unknown => JSON.parse(Sns.Message));
    },
  };
});
