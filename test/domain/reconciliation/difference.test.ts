import { describe, expect, it } from "vitest";
import { responseTo } from "../../../shared/domain/reconciliation/difference.ts";

describe("a difference between ledger and broker", () => {
  it("defect 5: is answered, each class in its way, and none by trading on as if it were not", () => {
    const responses = {
      corporateAction: "adopted",
      averagePrice: "adopted",
      cash: "adopted",
      orphanOrder: "blocksEntries",
      externalOrder: "blocksEntries",
      unlistedStatus: "blocksEntries",
      unreadableOrder: "blocksEntries",
      historyUnreadable: "blocksEntries",
      accountBlocked: "blocksEntries",
      externalPosition: "reduce",
      lostOrder: "reduce",
      orderDiffers: "halt",
    } satisfies Record<Parameters<typeof responseTo>[0], ReturnType<typeof responseTo>>;
    for (const [type, response] of Object.entries(responses)) {
      expect(responseTo(type as keyof typeof responses)).toBe(response);
    }
  });
});
