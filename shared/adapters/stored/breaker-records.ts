import type { Breaker } from "../../domain/breaker/breaker.ts";
import { healthyBreaker } from "../../domain/breaker/breaker.ts";
import { err, ok } from "../../domain/result.ts";
import type { BreakerRecord, BreakerRecords } from "../../ports/breaker-records.ts";
import { BreakerCodec } from "./codecs/breaker.ts";
import type { Item, ItemStore } from "./item-store.ts";

const RECORDS_MAX = 500;
const KEPT_MS = 14 * 86_400_000;

/**
 * Breaker records on an item store, one item a breaker, apart per Region: a vendor that one Region
 * cannot reach may be well for the other, and conditions hold within a Region alone. A damaged
 * record reads as a healthy breaker: evidence of failures gathers again.
 */
export const createStoredBreakerRecords = (
  store: ItemStore,
  { region }: { readonly region: string },
): BreakerRecords => {
  const partition = `breakers#${region}`;
  const read = (item: Item): BreakerRecord => ({
    name: item.sort,
    breaker: readBreaker(store, item),
    version: item.revision?.version ?? 0,
  });
  return {
    load: async (name) => {
      const item = await store.get({ partition, sort: name });
      return item === undefined ? undefined : read(item);
    },
    list: async () => {
      const query = {
        partition,
        sortPrefix: "",
        direction: "forward",
        limit: RECORDS_MAX,
      } as const;
      return (await store.query(query)).map(read);
    },
    save: async (name, breaker, version) => {
      const next: Item = {
        partition,
        sort: name,
        document: breaker,
        revision: { version: version + 1, epoch: 0 },
        expiresAtMs: breaker.sinceMs + KEPT_MS,
      };
      const stored = await store.put(
        next,
        version === 0
          ? { type: "absent" }
          : { type: "revisionIs", revision: { version, epoch: 0 } },
      );
      if (stored.ok) return ok(read(next));
      const { current } = stored.error;
      if (version === 0 && current !== undefined && current.revision === undefined) {
        // No condition can name an item whose revision is lost; evidence is all there is to lose.
        await store.put(next, { type: "none" });
        return ok(read(next));
      }
      return err({
        type: "BreakerConflict",
        current: current === undefined ? undefined : read(current),
      });
    },
  };
};

const readBreaker = (store: ItemStore, item: Item): Breaker => {
  if (store.isTrusted) return item.document as Breaker;
  const breaker = BreakerCodec.safeParse(item.document);
  return breaker.success ? breaker.data : healthyBreaker(0);
};
