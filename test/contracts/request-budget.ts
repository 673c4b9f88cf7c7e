import { beforeAll, describe, expect, it } from "vitest";
import { createStoredBudget } from "../../shared/adapters/budget/stored-budget.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { ALPACA_BUDGET } from "../../shared/domain/budget/token-bucket.ts";

const policy = ALPACA_BUDGET;

/** What a shared budget does on every item store; each test has an account of its own. */
export const describeRequestBudget = (
  name: string,
  createStore: () => Promise<ItemStore>,
): void => {
  let store: ItemStore;
  let accounts = 0;
  let nowMs = 1_767_000_000_000;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  beforeAll(async () => {
    store = await createStore();
  });
  /** Several environments of one account. */
  const open = (count: number) => {
    accounts += 1;
    const account = `b${accounts}`;
    return Array.from({ length: count }, () =>
      createStoredBudget({ store, clock, account, region: "us-east-2", policy }),
    );
  };

  describe(`${name}: a request budget`, () => {
    it("is one for all environments: together they get no more than there is", async () => {
      const environments = open(4);
      let granted = 0;
      for (let round = 0; round < 40; round++) {
        const answers = await Promise.all(environments.map((budget) => budget.take("read")));
        granted += answers.filter(({ type }) => type === "granted").length;
      }
      expect(granted).toBeLessThanOrEqual(policy.capacity - policy.exitReserve);
      expect(granted).toBeGreaterThan((policy.capacity - policy.exitReserve) / 3);
      // The reserve is still there for exits, from any environment.
      const [first] = environments;
      const exits = [];
      for (let exit = 0; exit < policy.exitReserve; exit++) exits.push(await first?.take("exit"));
      expect(exits.every((answer) => answer?.type === "granted")).toBe(true);
      expect((await first?.take("exit"))?.type).toBe("exhausted");
    });

    it("leaves to others what one that asks seldom would not use", async () => {
      const [seldom, other] = open(2);
      for (let beat = 0; beat < 20; beat++) {
        expect((await seldom?.take("read"))?.type).toBe("granted");
        nowMs += policy.leaseMs + 1;
      }
      nowMs += 60_000;
      for (let beat = 0; beat < 4; beat++) await seldom?.take("read");
      let granted = 0;
      while ((await other?.take("read"))?.type === "granted") granted += 1;
      expect(granted).toBeGreaterThan(policy.capacity - policy.exitReserve - 10);
    });

    it("costs one write for a whole lease", async () => {
      let writes = 0;
      const counting: ItemStore = {
        ...store,
        put: (item, condition) => {
          writes += 1;
          return store.put(item, condition);
        },
      };
      const options = { store: counting, clock, account: `c${accounts}`, region: "x", policy };
      const budget = createStoredBudget(options);
      for (let read = 0; read < policy.leaseTokens; read++) await budget.take("read");
      expect(writes).toBe(1);
      nowMs += policy.leaseMs;
      await budget.take("read");
      expect(writes).toBe(2);
    });

    it("ends a storm of refusals: after the first, nobody asks before the vendor's reset", async () => {
      const [mine, others] = open(2);
      if (mine === undefined || others === undefined) throw new Error("There are two.");
      await mine.take("read");
      await others.noteRefusal(nowMs + 30_000);
      nowMs += policy.leaseMs;
      const asked = await Promise.all(Array.from({ length: 50 }, () => mine.take("read")));
      for (const answer of asked) {
        expect(answer).toEqual({ type: "exhausted", retryAtMs: nowMs - policy.leaseMs + 30_000 });
      }
      nowMs += 30_000;
      expect((await mine.take("read")).type).toBe("granted");
    });
  });
};
