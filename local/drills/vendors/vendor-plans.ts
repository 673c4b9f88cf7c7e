import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import { Fault } from "../../exchange/faults/fault.ts";
import { DOORS } from "./vendor-doors.ts";

/** How one row of the drill disturbs market data. */
export type VendorPlan = {
  /** The word that names it on the command line. */
  readonly name: string;
  /** What happens, in one sentence. */
  readonly summary: string;
  /** Who is disturbed; the first of them is the vendor that is asked first in this world. */
  readonly vendors: readonly [AskedVendor, ...AskedVendor[]];
  /** Connections are refused. */
  readonly isShut: boolean;
  /** Armed for each of the vendors. */
  readonly faults: readonly Fault[];
  /** The p99 of a poll in which another vendor stood in, milliseconds; null: no such promise. */
  readonly failoverMaxMs: number | null;
  /** Whether vendors are asked in their order and not by what was measured, which spares some. */
  readonly isAskedAlways: boolean;
  /** Whether somebody is left who can answer. */
  readonly hasOthers: boolean;
};

/** What is promised of a vendor that does not answer, and of one that says so (or is not there). */
const SILENT_MAX_MS = 100;
const REFUSING_MAX_MS = 50;

type FaultInput = (typeof Fault)["_zod"]["input"];

const plan = (
  name: string,
  summary: string,
  faults: readonly FaultInput[],
  failoverMaxMs: number | null = null,
): VendorPlan => ({
  name,
  summary,
  vendors: [FIRST],
  isShut: false,
  faults: faults.map((fault) => Fault.parse({ ...fault, vendor: FIRST })),
  failoverMaxMs,
  isAskedAlways: false,
  hasOthers: true,
});

/** Who is asked first as the project is delivered, and therefore matters most. */
const FIRST: AskedVendor = "alpaca";

const kill = (vendor: AskedVendor): VendorPlan => ({
  ...plan(`kill-${vendor}`, `${vendor} refuses connections.`, [], REFUSING_MAX_MS),
  vendors: [vendor],
  isShut: true,
  isAskedAlways: vendor !== FIRST,
});

/** Every way in which vendors are disturbed, in the order in which the drill shows them. */
export const VENDOR_PLANS: readonly VendorPlan[] = [
  ...DOORS.map(kill),
  plan(
    "hang",
    "The connection stays open and no answer comes.",
    [{ name: "hangAnswer" }],
    SILENT_MAX_MS,
  ),
  plan(
    "slow",
    "Every answer takes half a second.",
    [{ name: "lateAnswer", delayMs: 500 }],
    SILENT_MAX_MS,
  ),
  plan(
    "rateLimit",
    "429 with the time of the reset.",
    [{ name: "rateLimit", says: "reset" }],
    REFUSING_MAX_MS,
  ),
  plan(
    "rateLimitRetryAfter",
    "429 with Retry-After.",
    [{ name: "rateLimit", says: "retryAfter" }],
    REFUSING_MAX_MS,
  ),
  plan(
    "rateLimitBare",
    "429 that does not say for how long.",
    [{ name: "rateLimit", says: "nothing" }],
    REFUSING_MAX_MS,
  ),
  plan("serverError", "503 to everything.", [{ name: "errorBefore" }], REFUSING_MAX_MS),
  plan(
    "gatewayPage",
    "502 in plain text from a gateway before the vendor.",
    [{ name: "plainTextError", status: 502 }],
    REFUSING_MAX_MS,
  ),
  plan(
    "errorInside",
    "An error in the vendor's words within a 200.",
    [{ name: "errorInside" }],
    REFUSING_MAX_MS,
  ),
  plan("stale", "Prices of five minutes ago.", [{ name: "stalePrices", byMs: 300_000 }]),
  plan("delayed", "A feed that is a quarter of an hour late.", [{ name: "delayedFeed" }]),
  plan("wrongPrices", "Every price is 8 % too high, with the time stamps of now.", [
    { name: "wrongPrices", factor: 1.08 },
  ]),
  plan("wrongPricesGrossly", "Every price is a hundredth of what it is.", [
    { name: "wrongPrices", factor: 0.01 },
  ]),
  plan("missingSymbols", "Every other symbol is absent.", [{ name: "missingSymbols" }]),
  plan("schemaDrift", "The bid has another name and the ask another type.", [
    { name: "renameField", field: "bp", to: "bid_price" },
    { name: "changeType", field: "ap" },
  ]),
  {
    ...plan("allDead", "Nobody can be reached; then all are back at once.", []),
    vendors: DOORS,
    isShut: true,
    hasOthers: false,
  },
];
