/**
 * What came of a call. A business answer ("no such symbol", a refused order) is a success here: the
 * vendor works. What we gave up ourselves says nothing, as the loser of a hedged read does.
 */
export type Outcome =
  | { readonly type: "success"; readonly durationMs: number }
  | {
      readonly type: "failure";
      readonly durationMs: number;
      /** The vendor said when to come back, epoch ms. */
      readonly retryAtMs?: number;
    }
  | { readonly type: "abandoned" };
