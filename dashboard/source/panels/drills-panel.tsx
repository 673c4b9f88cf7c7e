import { clockTime, dayOf } from "../format.ts";
import { Chip } from "../parts/chip.tsx";
import { Panel } from "../parts/panel.tsx";
import type { DrillRowView, DrillsView } from "../view.ts";

/** What the last drills of failovers came to: the newest row by row, the ones before in a line. */
export const DrillsPanel = ({ drills, failure }: DrillsPanelProps) => {
  const [newest, ...before] = drills ?? [];
  return (
    <Panel
      id="drills"
      title="Drills"
      failure={failure}
      {...(newest === undefined ? {} : { note: `${dayOf(newest.atMs)}, ${newest.place}` })}
      aside={
        newest === undefined ? undefined : (
          <Chip tone={newest.isOk ? "good" : "bad"} text={newest.isOk ? "held" : "failed"} />
        )
      }
    >
      {newest === undefined ? (
        <p class="empty">No Region was lost on purpose yet.</p>
      ) : (
        // A region that scrolls has to be reachable by keyboard.
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="drills">
          <table>
            <caption class="quiet">Failovers of the newest drill</caption>
            <thead>
              <tr>
                <th scope="col">Scenario</th>
                <th scope="col">Into</th>
                <th scope="col" class="number">
                  Fenced
                </th>
                <th scope="col" class="number">
                  Trades
                </th>
                <th scope="col" class="number wide-only">
                  Alerts
                </th>
                <th scope="col">Harm</th>
              </tr>
            </thead>
            <tbody>
              {newest.rows.map((row) => (
                <Row key={`${row.scenario} ${row.to}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {before.length === 0 ? null : (
        <ul class="quiet">
          {before.map(({ atMs, place, isOk, failovers }) => (
            <li key={atMs}>
              {`${dayOf(atMs)} ${clockTime(atMs)}, ${place}: ${failovers} failovers, `}
              {isOk ? "held" : "failed"}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};

/** What the panel shows. */
export type DrillsPanelProps = {
  readonly drills: DrillsView | undefined;
  readonly failure: string | null;
};

const Row = ({ row }: { readonly row: DrillRowView }) => (
  <tr title={row.differences.join(" ")}>
    <th scope="row">{row.scenario}</th>
    <td>{row.to}</td>
    <td class="number">{secondsText(row.secondsToFence)}</td>
    <td class="number">{secondsText(row.secondsToActive)}</td>
    <td class="number wide-only">{row.alerts}</td>
    <td>
      <Chip tone={row.isOk ? "good" : "bad"} text={row.isOk ? "none" : row.harm} />
    </td>
  </tr>
);

const secondsText = (seconds: number | null): string =>
  seconds === null ? "never" : `${seconds} s`;
