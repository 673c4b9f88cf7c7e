import type { WorldVendors } from "../../local/world/world-vendors.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import type { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { requireSignature } from "../reports/sign-config.ts";
import { usageFault, type VerbContext, type VerbInput } from "../verb.ts";

const PAPER_URL = "https://paper-api.alpaca.markets";
const LIVE_URL = "https://api.alpaca.markets";
const MARKET_DATA_URL = "https://data.alpaca.markets";
const POLYGON_URL = "https://api.massive.com";
const YAHOO_URL = "https://query1.finance.yahoo.com";
const TIINGO_URL = "https://api.tiingo.com";
const FLOW_URL = "https://api.unusualwhales.com";

/** The sentence that lets real money trade. */
const CONFIRMATION = "trade real money";

/** The mode that was asked for, and the vendors it needs; none for the simulated exchange. */
export type ChosenMode = { readonly mode: Mode; readonly vendors: WorldVendors | undefined };

/** Reads the mode; nothing is connected yet. Throws a `VerbFault` where something is missing. */
export const readMode = (input: VerbInput, { environment }: VerbContext): ChosenMode => {
  const mode = modeOf(input.options["mode"]);
  const vendorUrl = input.options["vendorUrl"];
  if (mode === "sim") {
    if (vendorUrl !== undefined) throw usageFault("--vendor-url is for other modes than sim.");
    return { mode, vendors: undefined };
  }
  for (const option of ["speed", "seed", "data"] as const) {
    const value = input.options[option];
    const isDefault = value === undefined || (option === "speed" && Number(value) === 1);
    if (!isDefault) throw usageFault(`--${option} is for the simulated market, not for ${mode}.`);
  }
  if (mode === "live") requireExplicitFlag(input);
  const keyId = environment["APCA_API_KEY_ID"];
  const secretKey = environment["APCA_API_SECRET_KEY"];
  if (!keyId || !secretKey) {
    throw usageFault(
      `Mode ${mode} needs Alpaca's keys in APCA_API_KEY_ID and APCA_API_SECRET_KEY.`,
    );
  }
  const optional = (name: string): string | undefined => environment[name] || undefined;
  const credentials = {
    keyId,
    secretKey,
    token: optional("UNUSUAL_WHALES_TOKEN"),
    polygonKey: optional("POLYGON_API_KEY"),
    tiingoToken: optional("TIINGO_TOKEN"),
  };
  return { mode, vendors: { ...urlsOf(mode, vendorUrl), credentials } };
};

/** Real money takes the signed configuration and a person who types that this is meant. */
export const confirmLive = async (
  input: VerbInput,
  { ask }: VerbContext,
  configuration: Configuration,
): Promise<void> => {
  const key = String(input.options["publicKey"]);
  requireSignature(String(input.options["config"]), key, configuration);
  if (ask === undefined) {
    throw usageFault("Mode live has to be confirmed by a person at a terminal.");
  }
  const answer = await ask(
    `Mode live trades account ${configuration.account} with real money. ` +
      `Type "${CONFIRMATION}" to go on: `,
  );
  if (answer.trim() !== CONFIRMATION) throw usageFault("Mode live was not confirmed.");
};

const MODES: readonly Mode[] = ["sim", "shadow", "paper", "live"];

const modeOf = (text: string | boolean | undefined): Mode => {
  const mode = MODES.find((one) => one === text);
  if (mode === undefined) throw usageFault("--mode takes sim, shadow, paper or live.");
  return mode;
};

const requireExplicitFlag = ({ options }: VerbInput): void => {
  if (options["realMoney"] === true) return;
  throw usageFault("Mode live needs --real-money beside it: orders of this mode cost real money.");
};

const urlsOf = (
  mode: Exclude<Mode, "sim">,
  override: string | boolean | undefined,
): Omit<WorldVendors, "credentials"> => {
  if (override === undefined) {
    const brokerUrl = mode === "live" ? LIVE_URL : PAPER_URL;
    return {
      brokerUrl,
      marketDataUrl: MARKET_DATA_URL,
      polygonUrl: POLYGON_URL,
      yahooUrl: YAHOO_URL,
      tiingoUrl: TIINGO_URL,
      flowUrl: FLOW_URL,
    };
  }
  const url = URL.parse(String(override));
  const isHere = url?.protocol === "http:" && url.hostname === "127.0.0.1";
  // Keys must not be sent to whatever address somebody typed.
  if (!isHere) throw usageFault("--vendor-url takes http://127.0.0.1:PORT, a simulated exchange.");
  if (mode === "live") throw usageFault("--vendor-url is not for live.");
  const { origin } = url;
  return {
    brokerUrl: origin,
    marketDataUrl: origin,
    polygonUrl: origin,
    yahooUrl: origin,
    tiingoUrl: origin,
    flowUrl: origin,
  };
};
