import { span, words } from "../format.ts";
import { Chip } from "../parts/chip.tsx";
import { Panel } from "../parts/panel.tsx";
import type { VendorsView, VendorView } from "../view.ts";

/** Where prices come from: a row for each vendor, and how good the data is on the whole. */
export const VendorsPanel = ({ vendors, nowMs, failure }: VendorsPanelProps) => (
  <Panel
    id="vendors"
    title="Market data"
    failure={failure}
    aside={
      vendors === undefined ? undefined : (
        <Chip tone={vendors.tone} text={vendors.mode === null ? "unknown" : words(vendors.mode)} />
      )
    }
  >
    {vendors === undefined || vendors.rows.length === 0 ? (
      <p class="empty">No vendor has been asked yet.</p>
    ) : (
      // A region that scrolls has to be reachable by keyboard.
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="vendors">
        <table>
          <caption class="quiet">Vendors of market data</caption>
          <thead>
            <tr>
              <th scope="col">Vendor</th>
              <th scope="col">Used for</th>
              <th scope="col" class="number">
                p95
              </th>
              <th scope="col" class="number">
                Age
              </th>
              <th scope="col" class="number wide-only">
                Agrees
              </th>
              <th scope="col">Breaker</th>
            </tr>
          </thead>
          <tbody>
            {vendors.rows.map((vendor) => (
              <Row key={vendor.name} vendor={vendor} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Panel>
);

/** What the panel shows. */
export type VendorsPanelProps = {
  readonly vendors: VendorsView | undefined;
  /** The server's time. */
  readonly nowMs: number | undefined;
  readonly failure: string | null;
};

type RowProps = { readonly vendor: VendorView; readonly nowMs: number | undefined };

const Row = ({ vendor, nowMs }: RowProps) => (
  <tr title={vendor.reason}>
    <th scope="row">{vendor.name}</th>
    <td>
      <Chip tone={vendor.tone} text={vendor.use} />
    </td>
    <td class="number">{vendor.p95Ms === null ? "-" : `${vendor.p95Ms.toFixed(0)} ms`}</td>
    <td class="number">{vendor.dataAgeMs === null ? "-" : span(vendor.dataAgeMs)}</td>
    <td class="number wide-only">{(vendor.agreement * 100).toFixed(0)} %</td>
    <td>{breakerText(vendor, nowMs)}</td>
  </tr>
);

const breakerText = ({ breaker, probesAtMs }: VendorView, nowMs: number | undefined): string =>
  probesAtMs === null || nowMs === undefined
    ? words(breaker)
    : `${words(breaker)}, probes in ${span(probesAtMs - nowMs)}`;
