import type { OrderIntent } from "./order-intent.ts";

/**
 * What an intent waits in line with: entries with the whole account's, since they share its limits;
 * exits with their symbol's alone, so that one that fails again and again holds up no other. The
 * claim, one conditional write, keeps both right in whatever order they run.
 */
export const groupOf = ({ account, purpose, symbol }: OrderIntent): string =>
  purpose === "entry" ? account : `${account}.${symbol}`;
