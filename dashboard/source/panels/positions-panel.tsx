import { change, leaning, money, percent, shares } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import type { PositionView } from "../view.ts";

/** What is held, at what price, and what it has come to. */
export const PositionsPanel = ({ positions, failure }: PositionsPanelProps) => (
  <Panel
    id="positions"
    title="Positions"
    failure={failure}
    note={positions === undefined ? "" : `${positions.length} open`}
  >
    {positions === undefined || positions.length === 0 ? (
      <p class="empty">{positions === undefined ? "Not known yet." : "Nothing is held."}</p>
    ) : (
      // A region that scrolls has to be reachable by keyboard.
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="positions">
        <table>
          <caption class="quiet">Open positions</caption>
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <th scope="col" class="number">
                Shares
              </th>
              <th scope="col" class="number">
                Average
              </th>
              <th scope="col" class="number">
                Last
              </th>
              <th scope="col" class="number">
                Unrealised
              </th>
            </tr>
          </thead>
          <tbody>
            {positions.map((position) => (
              <Row key={position.symbol} position={position} />
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Panel>
);

/** What the panel shows. */
export type PositionsPanelProps = {
  readonly positions: readonly PositionView[] | undefined;
  readonly failure: string | null;
};

const Row = ({ position }: { readonly position: PositionView }) => (
  <tr>
    <th scope="row" class="strong">
      {position.symbol}
    </th>
    <td class="number">{shares(position.quantity)}</td>
    <td class="number">{money(position.averagePrice)}</td>
    <td class="number">{money(position.lastPrice)}</td>
    <td class={`number ${leaning(position.profit)}`}>
      {change(position.profit)} <span class="note">{percent(position.profitRatio)}</span>
    </td>
  </tr>
);
