import { change, leaning, money, percent, span, words } from "../format.ts";
import type { AccountView, EquityView, LastCycleView } from "../view.ts";

/** The account in five figures, and the pulse of the trading cycle. */
export const Figures = ({ account, equity, lastCycle, oldestQuoteMs, nowMs }: FiguresProps) => {
  const start = equity?.[0]?.equity ?? null;
  const now = account?.equity ?? null;
  const day = start === null || now === null ? null : now - start;
  const ratio = day === null || start === null || start === 0 ? null : day / start;
  return (
    <dl class="figures" aria-label="Account">
      <Figure name="Equity, USD" help={EQUITY_HELP} value={money(now)} small="by the broker" />
      <Figure
        name="Since the open"
        help={EQUITY_HELP}
        value={change(day)}
        small={percent(ratio)}
        lean={day}
        isSmallLeaning
      />
      <Figure
        name="Unrealised"
        help={UNREALISED_HELP}
        small="at our last quotes"
        value={change(account?.unrealizedProfit ?? null)}
        lean={account?.unrealizedProfit ?? null}
      />
      <Figure
        name="Realised today"
        value={change(account?.realizedProfit ?? null)}
        lean={account?.realizedProfit ?? null}
      />
      <Figure
        name="Orders in flight"
        value={account === undefined ? "–" : String(account.inFlight)}
        small={unknownText(account)}
      />
      <Figure
        name="Reconciled"
        value={account === undefined ? "–" : words(account.reconciliation)}
      />
      <Figure
        name="Last cycle"
        value={
          lastCycle === undefined || nowMs === undefined
            ? "–"
            : `${span(nowMs - lastCycle.closedAtMs)} ago`
        }
        small={lastCycle === undefined ? "" : words(lastCycle.outcome)}
      />
      <Figure
        name="Oldest price"
        value={typeof oldestQuoteMs === "number" ? span(oldestQuoteMs) : "–"}
      />
    </dl>
  );
};

const EQUITY_HELP =
  "As the broker said at the last reconciliation, about once a minute; since the session's first reading.";
const UNREALISED_HELP =
  "What is held at the middle of our last valid quotes, less what it cost. The broker's equity is read " +
  "at other seconds and at its own price, so that for a minute the two may differ.";

/** What the figures show; what is not known yet is undefined. */
export type FiguresProps = {
  readonly account: AccountView | undefined;
  readonly equity: EquityView | undefined;
  readonly lastCycle: LastCycleView | undefined;
  readonly oldestQuoteMs: number | null | undefined;
  readonly nowMs: number | undefined;
};

const unknownText = (account: AccountView | undefined): string =>
  account === undefined || account.unknown === 0 ? "" : `${account.unknown} unknown`;

type FigureProps = {
  readonly name: string;
  readonly value: string;
  readonly small?: string;
  readonly lean?: number | null;
  /** Whether what stands below the figure leans with it, and is no mere note. */
  readonly isSmallLeaning?: boolean;
  /** Said to whoever points at it. */
  readonly help?: string;
};

const Figure = ({ name, value, small = "", lean = null, ...rest }: FigureProps) => (
  <div class="figure" title={rest.help}>
    <dt>{name}</dt>
    <dd class={leaning(lean)}>
      {value}
      <small class={rest.isSmallLeaning === true ? leaning(lean) : ""}>{small}</small>
    </dd>
  </div>
);
