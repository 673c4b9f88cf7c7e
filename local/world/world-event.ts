import type { Alert } from "../../shared/ports/alerts.ts";
import type { SystemLevel } from "../../shared/domain/health/system-health.ts";

/** Something in the local world that a person at the terminal wants to know; times are epoch ms. */
export type WorldEvent = { readonly atMs: number } & (
  | {
      readonly type: "orderFilled";
      readonly symbol: string;
      readonly side: string;
      readonly purpose: string;
      /** Shares, as text. */
      readonly quantity: string;
      /** USD, as text. */
      readonly price: string;
      readonly reason: string;
    }
  | { readonly type: "orderDenied"; readonly symbol: string; readonly reasons: readonly string[] }
  | {
      readonly type: "orderTrouble";
      readonly symbol: string;
      readonly what: "rejected" | "unknown" | "notSent" | "orphaned" | "withheld";
      readonly reason: string;
    }
  | {
      readonly type: "healthChanged";
      readonly from: SystemLevel | null;
      readonly to: SystemLevel;
      readonly reason: string;
    }
  | { readonly type: "alert"; readonly alert: Alert }
  | { readonly type: "sessionOpened" | "sessionClosed"; readonly date: string }
  | {
      readonly type: "timeSkipped";
      readonly fromMs: number;
      readonly toMs: number;
      readonly date: string;
    }
  | { readonly type: "recordingOver" }
  | {
      readonly type: "cycle";
      readonly outcome: string;
      readonly reason: string;
      /** How good the market data was; null where nothing was polled. */
      readonly dataMode: string | null;
    }
  | {
      readonly type: "reconciled";
      readonly isClean: boolean;
      readonly differences: readonly string[];
    }
  /** Something is broken on purpose until `untilMs`, or no longer. */
  | {
      readonly type: "chaos";
      readonly failure: string;
      readonly breaks: string;
      readonly by: string;
      readonly isOver: boolean;
      readonly untilMs: number;
    }
  /** A remedy was applied, or what became of it. */
  | { readonly type: "healing"; readonly outcome: string; readonly detail: string }
  /** Something of the machinery failed, and is tried again by itself if it `isPassing`. */
  | {
      readonly type: "fault";
      readonly isPassing: boolean;
      readonly name: string;
      readonly detail: string;
    }
);

/** Takes events as they happen; must not throw. */
export type TellEvent = (event: WorldEvent) => void;
