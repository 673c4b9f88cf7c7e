import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Alert, Pager } from "../../shared/ports/alerts.ts";

/** A pager whose other side does as it is told. */
export type PagerWorld = {
  readonly pager: Pager;
  readonly nextAnswer: (answer: "takes" | "isBusy" | "fails" | "refuses" | "isAway") => void;
  /** The incidents' keys that arrived, with what was asked of each. */
  readonly arrived: () => readonly { readonly key: string; readonly action: string }[];
  readonly close: () => Promise<void>;
};

const alert: Alert = {
  key: "ledger-broker-differ-main",
  action: "trigger",
  severity: "critical",
  summary: "The ledger and the broker differ.",
  component: "reconcile-orders",
  mode: "sim",
  atMs: Date.UTC(2013, 9, 7, 14),
  runbook: "ledger-broker-differ",
};

/** What every adapter of the pager does. */
export const describePager = (name: string, startWorld: () => Promise<PagerWorld>): void => {
  let world: PagerWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  describe(`${name}: a page`, () => {
    it("is accepted when it is taken, and resolved under the same key", async () => {
      world.nextAnswer("takes");
      expect(await world.pager.page(alert)).toBe("accepted");
      expect(await world.pager.page({ ...alert, action: "resolve" })).toBe("accepted");
      expect(world.arrived()).toEqual([
        { key: alert.key, action: "trigger" },
        { key: alert.key, action: "resolve" },
      ]);
    });

    it("is to be sent later when the other side is busy, fails or is away", async () => {
      for (const answer of ["isBusy", "fails", "isAway"] as const) {
        world.nextAnswer(answer);
        expect(await world.pager.page(alert)).toBe("retryLater");
      }
    });

    it("is not to be sent again when it is refused", async () => {
      world.nextAnswer("refuses");
      expect(await world.pager.page(alert)).toBe("refused");
    });
  });
};
