import type { Price } from "../market/price.ts";
import type { OrderIntent } from "../orders/order-intent.ts";
import { err, ok, type Result } from "../result.ts";
import type { DenialReason } from "./denial.ts";
import { exposureOf } from "./exposure.ts";
import { checkAuthority } from "./guard/check-authority.ts";
import { checkEntryPrice } from "./guard/check-entry-price.ts";
import { checkEntryState } from "./guard/check-entry-state.ts";
import { areLimitsValid, checkAccountLimits, checkSymbolLimits } from "./guard/check-limits.ts";
import { exitPrice, fitExit } from "./guard/fit-exit.ts";
import type { GuardInput } from "./guard/guard-input.ts";
import type { Deny, Objection } from "./guard/objection.ts";

declare const approvedBrand: unique symbol;

/** An order that the guard let through, against one version of the control cell. */
export type Approved<Order extends OrderIntent> = {
  readonly [approvedBrand]: true;
  readonly order: Order;
  /** The worst price that the reservation is counted with. */
  readonly price: Price;
  /** The cell that was looked at; a claim against any other version asks the guard again. */
  readonly cellVersion: number;
};

/**
 * Decides whether an order may be claimed: pure, every reason collected, and closed on anything
 * missing or stale. Entries meet every limit of S2, counting what is working and reserved. Exits
 * are cut to the position less the exits already working, and nothing that stops entries (limits,
 * cooldown, stale data, `reducing`) stops them; behind a restore the broker's own position decides
 * what is left to close, and one that was not read closes nothing.
 */
export const guardOrder = (
  input: GuardInput,
): Result<Approved<OrderIntent>, readonly Objection[]> => {
  const denials: Objection[] = [];
  const passed = checkAll(input, (reason, describe) => {
    denials.push({ reason, describe });
  });
  if (denials.length > 0 || passed === undefined) return err(denials);
  return ok({ ...passed, cellVersion: input.cell.version } as Approved<OrderIntent>);
};

/** The first reason for which the guard would refuse an order now; `undefined` if it would not. */
export const refusalOf = (input: GuardInput): DenialReason | undefined => {
  let first: DenialReason | undefined;
  checkAll(input, (reason) => {
    first ??= reason;
  });
  return first;
};

type Checked = { readonly order: OrderIntent; readonly price: Price };

/** Every check there is; what passes is the order as it may be sent, with its worst price. */
const checkAll = (input: GuardInput, deny: Deny): Checked | undefined => {
  const { intent, cell } = input;
  const exposure = exposureOf(cell, intent.symbol);
  checkAuthority(input, exposure, deny);
  if (intent.purpose === "exit") {
    return { order: fitExit(input, exposure, deny), price: exitPrice(input) };
  }
  checkEntryState(input, exposure, deny);
  const price = checkEntryPrice(input, deny);
  if (!areLimitsValid(cell.limits)) {
    deny("limitsInvalid", () => "A limit is missing, negative or not a number.");
    return undefined;
  }
  if (price === undefined) return undefined;
  checkSymbolLimits(input, exposure, price, deny);
  checkAccountLimits(input, exposure, price, deny);
  return { order: intent, price };
};
