import type { Session } from "../market/calendar.ts";
import type { ComponentRule } from "./component-registry.ts";
import type { Evidence } from "./evidence.ts";

/** What one component's level is derived from. */
export type ComponentInput = {
  readonly rule: ComponentRule;
  /** The component's evidence, in any order. */
  readonly evidence: readonly Evidence[];
  /** That work was handed to it, in any order; only for components with that duty. */
  readonly workEvidence: readonly Evidence[];
  /** The newest word that nothing is traded here, and why; undefined where there was none. */
  readonly rest: Evidence | undefined;
  /** The session that is open at `nowMs`; `undefined` while the market is closed. */
  readonly openSession: Session | undefined;
  readonly nowMs: number;
};
