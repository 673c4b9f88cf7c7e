import { useState } from "preact/hooks";
import { clockTime, money, shares, words } from "../format.ts";
import { Chip } from "../parts/chip.tsx";
import { Panel } from "../parts/panel.tsx";
import type { OrderView } from "../view.ts";

const ALL = "";

/** The session's orders, newest first, each with why it was made and what came of it. */
export const OrdersPanel = ({ orders, failure }: OrdersPanelProps) => {
  const [symbol, setSymbol] = useState(ALL);
  const [state, setState] = useState(ALL);
  const all = orders ?? [];
  const shown = all.filter(
    (order) =>
      (symbol === ALL || order.symbol === symbol) && (state === ALL || order.state === state),
  );
  const symbols = [...new Set(all.map((order) => order.symbol))].toSorted();
  const states = [...new Set(all.map((order) => order.state))].toSorted();
  return (
    <Panel
      id="orders"
      title="Orders"
      failure={failure}
      note={shown.length === all.length ? `${all.length}` : `${shown.length} of ${all.length}`}
      aside={
        <div class="filters">
          <Filter
            label="symbol"
            all="All symbols"
            {...{ options: symbols }}
            value={symbol}
            set={setSymbol}
          />
          <Filter
            label="state"
            all="All states"
            {...{ options: states }}
            value={state}
            set={setState}
          />
        </div>
      }
    >
      {shown.length === 0 ? (
        <p class="empty">{emptyText(orders)}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="orders">
          <table>
            <caption class="quiet">Orders of the session, newest first</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Order</th>
                <th scope="col" class="number">
                  Price
                </th>
                <th scope="col">State</th>
                <th scope="col" class="wide-only">
                  Why
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((order) => (
                <Row key={order.id} order={order} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
};

/** What the panel shows. */
export type OrdersPanelProps = {
  readonly orders: readonly OrderView[] | undefined;
  readonly failure: string | null;
};

const emptyText = (orders: readonly OrderView[] | undefined): string => {
  if (orders === undefined) return "Not known yet.";
  return orders.length === 0 ? "No order yet in this session." : "No order matches.";
};

type FilterProps = {
  readonly label: string;
  readonly all: string;
  readonly options: readonly string[];
  readonly value: string;
  readonly set: (value: string) => void;
};

const Filter = ({ label, all, options, value, set }: FilterProps) => (
  <label>
    <span class="quiet">Filter by {label}</span>
    <select value={value} onChange={(event) => set(event.currentTarget.value)}>
      <option value={ALL}>{all}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {label === "state" ? words(option) : option}
        </option>
      ))}
    </select>
  </label>
);

const Row = ({ order }: { readonly order: OrderView }) => (
  <tr title={order.id}>
    <td class="soft">{clockTime(order.atMs)}</td>
    <td>
      <span class="strong">{order.symbol}</span> {order.side} {shares(order.quantity)}
      <div class="note">{order.purpose}</div>
      <div class="note narrow-only">{[order.reason, order.outcome].filter(Boolean).join("; ")}</div>
    </td>
    <td class="number">{money(order.price)}</td>
    <td>
      <Chip tone={order.tone} text={words(order.state)} />
      {order.filled > 0 && order.filled < order.quantity ? (
        <div class="note">
          {shares(order.filled)} of {shares(order.quantity)}
        </div>
      ) : null}
    </td>
    <td class="soft wide-only">
      {order.reason}
      {order.outcome === "" ? null : <div class="note">{order.outcome}</div>}
    </td>
  </tr>
);
