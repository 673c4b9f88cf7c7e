import type { FlowEvidence } from "../domain/signals/flow.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault } from "./vendor-fault.ts";

/** Options flow, dark pool and the other evidence of the scoring model. */
export type Flow = {
  /** One record a symbol that anything is known of; what is not known is absent from it. */
  readonly fetchEvidence: (
    symbols: readonly Ticker[],
  ) => Promise<Result<readonly FlowEvidence[], VendorFault>>;
};
