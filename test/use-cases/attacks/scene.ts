import { shares } from "../../../shared/domain/market/quantity.ts";
import type { BrokerOrder } from "../../../shared/domain/orders/broker-state.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import { IBM, intentOf, price } from "../../fixtures/orders.ts";
import { openAccount, type TradingAccount } from "../trading-account.ts";

/** A deadline that nothing in these tests comes near. */
export const UNHURRIED = { remainingMs: () => 600_000 };

/** The Region that takes over. */
export const OTHER = "us-west-2";

/** An intent that is valid for so long that only the ledger can stop a second try. */
export const patient = (
  fixture: Parameters<typeof intentOf>[0],
  account: TradingAccount,
): OrderIntent => ({ ...intentOf(fixture), validUntilMs: account.nowMs() + 3_600_000 });

/** An account that holds two shares under their bracket. */
export const heldInBracket = async (): Promise<TradingAccount> => {
  const account = await openAccount();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), UNHURRIED);
  await account.reconcile();
  return account;
};

/** How the legs of the account's first bracket stand. */
export const legsOf = (account: TradingAccount): readonly string[] =>
  account.taken[0]?.legs.map(({ status }) => status) ?? [];

/** What a holding that the account opens with was bought by. */
export const boughtBefore = (count: number): BrokerOrder => ({
  brokerOrderId: "before",
  clientOrderId: "before",
  symbol: IBM,
  side: "buy",
  quantity: shares(count),
  pricing: "market",
  limitPrice: null,
  status: "filled",
  statusText: "filled",
  filled: shares(count),
  averagePrice: price("100.00"),
  submittedAtMs: 0,
  legs: [],
});

/** What the ledger says is held. */
export const heldInLedger = async (account: TradingAccount): Promise<number> =>
  (await account.cell()).holdings[IBM]?.quantity ?? 0;

/** Another Region takes the account over. */
export const handOver = async (account: TradingAccount): Promise<void> => {
  await updateCell(account.deps, await account.cell(), (cell) =>
    takeOver(cell, OTHER, account.nowMs()),
  );
};
