import * as z from "zod";
import type {
  SignedPolicies,
  SignedPolicy,
  SignedPolicyReading,
} from "../../ports/signed-policies.ts";
import type { ItemKey, ItemStore } from "./item-store.ts";

const SignedPolicyCodec: z.ZodType<SignedPolicy> = z.strictObject({
  serial: z.int().min(1),
  policyText: z.string(),
  earlier: z.array(z.string()).max(3),
  signedAtMs: z.number(),
  signatures: z.array(z.string()).min(1).max(4),
});

/** Signed policies on an item store, two items an account. */
export const createStoredSignedPolicies = (store: ItemStore): SignedPolicies => {
  const load = async (key: ItemKey): Promise<SignedPolicyReading> => {
    const item = await store.get(key);
    if (item === undefined) {
      // What has no readable document is there and damaged, not absent.
      const raw = await store.getRaw(key);
      return { type: raw === undefined ? "none" : "damaged" };
    }
    const parsed = SignedPolicyCodec.safeParse(item.document);
    return parsed.success ? { type: "kept", signed: parsed.data } : { type: "damaged" };
  };
  return {
    load: (account) => load(keyOf(account, "signed")),
    loadSpare: (account) => load(keyOf(account, "spare")),
    save: async (account, signed) => {
      // The one that is read last: a crash in between leaves the version before in force.
      for (const sort of ["spare", "signed"] as const) {
        await store.put({ ...keyOf(account, sort), document: signed }, { type: "none" });
      }
    },
  };
};

const keyOf = (account: string, sort: "signed" | "spare"): ItemKey => ({
  partition: `policy#${account}`,
  sort,
});
