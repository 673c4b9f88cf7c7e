import * as z from "zod";

const common = {
  /** The chance that it strikes where it could; 1 by default. */
  probability: z.number().min(0).max(1).default(1),
  /** How often it strikes before it ends; without end by default. */
  times: z.int().positive().optional(),
  /** `METHOD /path-prefix`; what it strikes is up to each fault by default. */
  route: z
    .string()
    .regex(/^(GET|POST|PATCH|DELETE) \//)
    .optional(),
  /** Strikes requests for market data of this vendor alone. */
  vendor: z.enum(["alpaca", "polygon", "yahoo", "tiingo"]).optional(),
};

const DELAY_MS_MAX = 600_000;
const delayMs = z.int().nonnegative().max(DELAY_MS_MAX);
const ageMs = z.int().positive().max(86_400_000);
const field = z.string().min(1);

/** A fault that the simulated exchange can be told to show, as it is written in a request. */
export const Fault = z.discriminatedUnion("name", [
  /** The request takes effect, and the connection is cut instead of an answer. */
  z.strictObject({ name: z.literal("dropAnswer"), ...common }),
  /** The answer comes late, by so many milliseconds of real time. */
  z.strictObject({ name: z.literal("lateAnswer"), delayMs, ...common }),
  /** A 5xx, and nothing has happened. */
  z.strictObject({
    name: z.literal("errorBefore"),
    status: z.int().min(500).max(599).default(503),
    ...common,
  }),
  /** A 5xx, although it has happened. */
  z.strictObject({
    name: z.literal("errorAfter"),
    status: z.int().min(500).max(599).default(500),
    ...common,
  }),
  /** A new order cannot be seen for `forMs`: 404 by id, absent from lists. */
  z.strictObject({ name: z.literal("hideOrder"), forMs: delayMs, ...common }),
  /** 429 with the time of the reset in its headers, or with Retry-After, or with neither. */
  z.strictObject({
    name: z.literal("rateLimit"),
    says: z.enum(["reset", "retryAfter", "nothing"]).optional(),
    ...common,
  }),
  /** The connection stays open and no answer ever comes. */
  z.strictObject({ name: z.literal("hangAnswer"), ...common }),
  /** A gateway's page in plain text instead of an answer. */
  z.strictObject({
    name: z.literal("plainTextError"),
    status: z.int().min(200).max(599).default(503),
    ...common,
  }),
  /** An error in the vendor's own words within an answer of status 200. */
  z.strictObject({ name: z.literal("errorInside"), ...common }),
  /** Prices as they stood `byMs` before, with their time stamps of then. */
  z.strictObject({ name: z.literal("stalePrices"), byMs: ageMs, ...common }),
  /** A feed that is late by contract, a quarter of an hour by default, and says so if it can. */
  z.strictObject({ name: z.literal("delayedFeed"), byMs: ageMs.default(900_000), ...common }),
  /** Every price times a factor, with the time stamps of now. */
  z.strictObject({
    name: z.literal("wrongPrices"),
    factor: z.number().positive().max(1_000),
    ...common,
  }),
  /** These symbols are absent from the answer; every other one by default. */
  z.strictObject({
    name: z.literal("missingSymbols"),
    symbols: z.array(z.string().min(1)).max(1_000).optional(),
    ...common,
  }),
  /** A new order is refused as a wash trade. */
  z.strictObject({ name: z.literal("washTrade"), ...common }),
  /** An order gets only this fraction of the shares on offer, at least one. */
  z.strictObject({
    name: z.literal("partialFill"),
    fraction: z.number().positive().max(1),
    ...common,
  }),
  /** A cancelled order fills all the same, `delayMs` after its cancellation was asked for. */
  z.strictObject({ name: z.literal("fillAfterCancel"), delayMs, ...common }),
  /** Executions are listed twice. */
  z.strictObject({ name: z.literal("repeatEvents"), ...common }),
  /** Executions are listed in the wrong order. */
  z.strictObject({ name: z.literal("reorderEvents"), ...common }),
  /** A field is missing from the answer, at any depth. */
  z.strictObject({ name: z.literal("removeField"), field, ...common }),
  z.strictObject({ name: z.literal("renameField"), field, to: z.string().min(1), ...common }),
  /** A string becomes a number, anything else a string. */
  z.strictObject({ name: z.literal("changeType"), field, ...common }),
]);
/** A fault as its rule is sent to the exchange. */
export type Fault = z.infer<typeof Fault>;
/** What a fault is called: `dropAnswer`. */
export type FaultName = Fault["name"];

/** What a fault strikes when its rule names no route. */
export const defaultRouteOf = (name: FaultName): string | undefined => {
  switch (name) {
    case "dropAnswer":
    case "lateAnswer":
    case "errorBefore":
    case "errorAfter":
    case "hideOrder":
    case "rateLimit":
    case "washTrade":
      return "POST /v2/orders";
    case "fillAfterCancel":
      return "DELETE /v2/orders/";
    case "repeatEvents":
    case "reorderEvents":
      return "GET /v2/account/activities";
    case "removeField":
    case "renameField":
    case "changeType":
      return "GET /v2/";
    case "hangAnswer":
    case "plainTextError":
    case "errorInside":
      return "GET /v2/stocks/";
    case "stalePrices":
    case "delayedFeed":
    case "wrongPrices":
    case "missingSymbols":
    case "partialFill":
      return undefined;
  }
};
