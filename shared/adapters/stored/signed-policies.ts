import * as z from "zod";
import type { SignedPolicies, SignedPolicy } from "../../ports/signed-policies.ts";
import type { ItemStore } from "./item-store.ts";

const SignedPolicyCodec: z.ZodType<SignedPolicy> = z.strictObject({
  serial: z.int().min(1),
  policyText: z.string(),
  signature: z.string(),
  signedAtMs: z.number(),
});

/** Signed policies on an item store, one item an account. */
export const createStoredSignedPolicies = (store: ItemStore): SignedPolicies => ({
  load: async (account) => {
    const item = await store.get(keyOf(account));
    if (item === undefined) {
      // What has no readable document is there and damaged, not absent.
      const raw = await store.getRaw(keyOf(account));
      return { type: raw === undefined ? "none" : "damaged" };
    }
    const parsed = SignedPolicyCodec.safeParse(item.document);
    return parsed.success ? { type: "kept", signed: parsed.data } : { type: "damaged" };
  },
  save: async (account, signed) => {
    await store.put({ ...keyOf(account), document: signed }, { type: "none" });
  },
});

const keyOf = (account: string) => ({ partition: `policy#${account}`, sort: "signed" });
