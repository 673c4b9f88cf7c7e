import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accountOfClientOrderId,
  clientOrderIdOf,
  isIdOfAccount,
  parseClientOrderId,
  sessionOfClientOrderId,
} from "../../../shared/domain/orders/client-order-id.ts";
import { DATE, IBM, NOW_MS } from "../../fixtures/orders.ts";

const name = fc.stringMatching(/^[a-z0-9]{1,16}$/);
const key = fc.record({
  strategy: name,
  account: name,
  symbol: fc.constant(IBM),
  sessionDate: fc.constant(DATE),
  barTimeMs: fc.integer({ min: 0, max: 389 }).map((minute) => NOW_MS + minute * 60_000),
  side: fc.constantFrom("buy" as const, "sell" as const),
  leg: fc.constantFrom("entry" as const, "exit" as const, "flatten" as const),
  revision: fc.integer({ min: 0, max: 999 }),
});

describe("client order ids", () => {
  it("are a function of the decision, one to one, and never longer than the broker allows", () => {
    fc.assert(
      fc.property(key, key, (left, right) => {
        const id = clientOrderIdOf(left);
        expect(clientOrderIdOf({ ...left })).toBe(id);
        expect(id.length).toBeLessThanOrEqual(128);
        const isSame = JSON.stringify(left) === JSON.stringify(right);
        expect(clientOrderIdOf(right) === id).toBe(isSame);
      }),
    );
  });

  it("say which account and session they belong to", () => {
    fc.assert(
      fc.property(key, (decision) => {
        const id = clientOrderIdOf(decision);
        expect(parseClientOrderId(id)).toBe(id);
        expect(accountOfClientOrderId(id)).toBe(decision.account);
        expect(sessionOfClientOrderId(id)).toBe("20260310");
      }),
    );
  });

  it("are an account's own exactly where they are read as ids and name it", () => {
    const account = fc.constantFrom("main", "mai", "core", "probe", "main_SPY", "");
    const aCharacter = fc.constantFrom("_", "a", "9", "A", "-", " ", "");
    const text = fc.oneof(
      fc.uuid(),
      fc.string(),
      fc
        .tuple(key, fc.constantFrom("main", "mai", "core", "probe"), fc.nat(60), aCharacter)
        .map(([decision, owner, place, character]) => {
          const id: string = clientOrderIdOf({ ...decision, account: owner });
          // Every third one or so is left as it is: the place lies behind its end.
          return place < id.length ? id.slice(0, place) + character + id.slice(place + 1) : id;
        }),
      key.map((decision) => clientOrderIdOf({ ...decision, account: "main" })),
    );
    fc.assert(
      fc.property(text, account, (one, owner) => {
        const id = parseClientOrderId(one);
        const isOwn = id !== undefined && accountOfClientOrderId(id) === owner;
        expect(isIdOfAccount(one, owner)).toBe(isOwn);
      }),
      { numRuns: 1_000 },
    );
  });

  it("read well", () => {
    const id = clientOrderIdOf({
      strategy: "core",
      account: "main",
      symbol: IBM,
      sessionDate: DATE,
      barTimeMs: NOW_MS,
      side: "buy",
      leg: "entry",
      revision: 0,
    });
    expect(id).toBe("hf_core_main_IBM_20260310_1000_buy_entry_0");
  });

  it.each(["", "x", "hf_core_main_IBM", "0f14d0ab-9605-4a62-a9e4-5ed26688389b"])(
    "are not taken from strangers: %s",
    (text) => expect(parseClientOrderId(text)).toBeUndefined(),
  );

  it("refuse names that would not fit", () => {
    const decision = {
      strategy: "Core_1",
      account: "main",
      symbol: IBM,
      sessionDate: DATE,
      barTimeMs: NOW_MS,
      side: "buy",
      leg: "entry",
      revision: 0,
    } as const;
    expect(() => clientOrderIdOf(decision)).toThrow("fixed form");
  });
});
