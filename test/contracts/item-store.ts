import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Item,
  type ItemStore,
  permitsPut,
  type PutCondition,
} from "../../shared/adapters/stored/item-store.ts";

const nameOf = (item: Pick<Item, "partition" | "sort">): string => `${item.partition}/${item.sort}`;

/** JSON has no negative zero, and no store keeps one. */
const withoutNegativeZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const sortArbitrary = fc.constantFrom("a", "a#1", "a#10", "a#2", "b", "b#1", "~");
const revisionArbitrary = fc.record({ version: fc.nat(2), epoch: fc.nat(1) });
const itemArbitrary = fc.record(
  {
    partition: fc.constantFrom("p", "q"),
    sort: sortArbitrary,
    document: fc.jsonValue({ maxDepth: 2, noUnicodeString: false }).map(withoutNegativeZero),
    revision: revisionArbitrary,
    expiresAtMs: fc.constant(4e12),
  },
  { requiredKeys: ["partition", "sort", "document"] },
);
const conditionArbitrary: fc.Arbitrary<PutCondition> = fc.oneof(
  fc.constant({ type: "none" } as const),
  fc.constant({ type: "absent" } as const),
  revisionArbitrary.map((revision) => ({ type: "revisionIs", revision }) as const),
);
const queryArbitrary = fc
  .record(
    {
      partition: fc.constantFrom("p", "q", "empty"),
      sortPrefix: fc.constantFrom("", "a", "a#", "a#1", "c"),
      direction: fc.constantFrom("forward", "backward"),
      limit: fc.integer({ min: 1, max: 8 }),
      after: sortArbitrary,
    },
    { requiredKeys: ["partition", "sortPrefix", "direction", "limit"] },
  )
  .filter(({ after, sortPrefix }) => after?.startsWith(sortPrefix) ?? true);
const commandArbitrary = fc.oneof(
  fc.record({
    type: fc.constant("put" as const),
    item: itemArbitrary,
    condition: conditionArbitrary,
  }),
  fc.record({
    type: fc.constant("putMany" as const),
    items: fc.array(itemArbitrary, { maxLength: 30 }),
  }),
  fc.record({ type: fc.constant("query" as const), query: queryArbitrary }),
  fc.record({
    type: fc.constant("getMany" as const),
    items: fc.uniqueArray(itemArbitrary, { maxLength: 6, selector: nameOf }),
  }),
);

/** What every item store does, compared with a list of items. */
export const describeItemStore = (
  name: string,
  createStore: () => Promise<ItemStore>,
  { runs }: { readonly runs: number },
): void => {
  let store: ItemStore;
  let spaces = 0;
  beforeAll(async () => {
    store = await createStore();
  });

  describe(name, () => {
    it("answers as a sorted list of items would", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(commandArbitrary, { maxLength: 25 }), async (commands) => {
          spaces += 1;
          const own = <Keyed extends { readonly partition: string }>(keyed: Keyed): Keyed => ({
            ...keyed,
            partition: `${spaces}-${keyed.partition}`,
          });
          const model = new Map<string, Item>();
          for (const command of commands) {
            switch (command.type) {
              case "put": {
                const item = own(command.item);
                const current = model.get(nameOf(item));
                const stored = await store.put(item, command.condition);
                if (permitsPut(command.condition, current)) {
                  expect(stored).toEqual({ ok: true, value: undefined });
                  model.set(nameOf(item), item);
                } else {
                  expect(stored).toEqual({
                    ok: false,
                    error: { type: "ConditionFailed", current },
                  });
                }
                expect(await store.get(item)).toEqual(model.get(nameOf(item)));
                break;
              }
              case "putMany": {
                const items = command.items.map(own);
                await store.putMany(items);
                for (const item of items) model.set(nameOf(item), item);
                break;
              }
              case "query": {
                const query = own(command.query);
                expect(await store.query(query)).toEqual(queryModel([...model.values()], query));
                break;
              }
              case "getMany": {
                const keys = command.items.map(own);
                const found = await store.getMany(keys);
                const expected = keys.flatMap((key) => model.get(nameOf(key)) ?? []);
                const byName = (a: Item, b: Item) => (nameOf(a) < nameOf(b) ? -1 : 1);
                expect(found.toSorted(byName)).toEqual(expected.toSorted(byName));
                break;
              }
            }
          }
        }),
        { numRuns: runs },
      );
    });

    it("replaces exactly the item that was seen, and only once", async () => {
      await fc.assert(
        fc.asyncProperty(itemArbitrary, itemArbitrary, async (first, second) => {
          spaces += 1;
          const key = { partition: `raw-${spaces}`, sort: "cell" };
          expect(await store.getRaw(key)).toBeUndefined();
          await store.put({ ...first, ...key }, { type: "none" });
          const raw = await store.getRaw(key);
          if (raw === undefined) throw new Error("What was put is there.");
          expect(raw.text).toBe(JSON.stringify(first.document));
          expect(raw.version).toBe(first.revision?.version ?? null);
          const other = { ...raw, text: `${raw.text} ` };
          expect((await store.put({ ...second, ...key }, { type: "rawIs", raw: other })).ok).toBe(
            false,
          );
          const revision = { version: (raw.version ?? 0) + 1, epoch: 9 };
          const next = { ...second, ...key, revision };
          const answers = await Promise.all([
            store.put(next, { type: "rawIs", raw }),
            store.put(next, { type: "rawIs", raw }),
          ]);
          expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
          expect(await store.get(key)).toEqual(next);
        }),
        { numRuns: Math.min(runs, 20) },
      );
    });

    it("counts every one of many concurrent additions", async () => {
      const key = { partition: "counters", sort: "here" };
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          store.add(key, { all: 1, [index % 2 === 0 ? "even" : "odd"]: 2 }, 4e12),
        ),
      );
      const item = await store.get(key);
      expect(item?.document).toEqual({ all: 40, even: 40, odd: 40 });
      expect(item?.expiresAtMs).toBe(4e12);
    });
  });
};

const queryModel = (
  items: readonly Item[],
  query: {
    readonly partition: string;
    readonly sortPrefix: string;
    readonly direction: "forward" | "backward";
    readonly limit: number;
    readonly after?: string;
  },
): readonly Item[] => {
  const { after } = query;
  const sorted = items
    .filter((item) => item.partition === query.partition && item.sort.startsWith(query.sortPrefix))
    .toSorted((a, b) => (a.sort < b.sort ? -1 : 1));
  const directed = query.direction === "forward" ? sorted : sorted.toReversed();
  const isBehind = (sort: string): boolean =>
    after === undefined || (query.direction === "forward" ? sort > after : sort < after);
  return directed.filter((item) => isBehind(item.sort)).slice(0, query.limit);
};
