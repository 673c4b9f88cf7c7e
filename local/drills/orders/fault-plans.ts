import { Fault } from "../../exchange/faults/fault.ts";

/** How one row of the drill disturbs trading. */
export type FaultPlan = {
  /** The word that names it on the command line. */
  readonly name: string;
  /** What it does to us, in one sentence. */
  readonly summary: string;
  /** Armed together while orders are sent. */
  readonly faults: readonly Fault[];
  /** Which of them has to strike for the row to mean anything. */
  readonly counted: Fault["name"];
  /** How long its effects may come after it has ended, in the world's milliseconds. */
  readonly outlastsMs: number;
  /** So many strikes are enough; trading under the fault ends then, or after its time. */
  readonly strikes: number;
};

/** Longer than any time-out of ours at any speed that a drill runs at, in real milliseconds. */
const LATE_MS = 2_500;

const plan = (
  name: string,
  summary: string,
  faults: readonly (typeof Fault)["_zod"]["input"][],
  options: Partial<Pick<FaultPlan, "counted" | "outlastsMs" | "strikes">> = {},
): FaultPlan => {
  const armed = faults.map((fault) => Fault.parse(fault));
  const counted = armed[0]?.name ?? "dropAnswer";
  return { name, summary, faults: armed, counted, outlastsMs: 0, strikes: 3, ...options };
};

/** What is refused or lost half of the time leaves something to trade with. */
const HALF = { probability: 0.5 } as const;

/**
 * Reads and orders of the broker; its clock and the market data go on, so that we go on deciding.
 */
const OUTAGE_ROUTES = [
  "POST /v2/",
  "DELETE /v2/",
  "GET /v2/orders",
  "GET /v2/positions",
  "GET /v2/account",
] as const;

/** Every fault of the simulated exchange, in the order in which the drill shows them. */
export const FAULT_PLANS: readonly FaultPlan[] = [
  plan("dropAnswer", "The order is taken; the connection is cut instead of an answer.", [
    { name: "dropAnswer", ...HALF },
  ]),
  plan("lateAnswer", "The order is taken; the answer comes after we gave up.", [
    { name: "lateAnswer", delayMs: LATE_MS, ...HALF },
  ]),
  plan("errorBefore", "A 503, and the order is not there.", [{ name: "errorBefore", ...HALF }]),
  plan("errorAfter", "A 500, and the order is there.", [{ name: "errorAfter", ...HALF }]),
  plan("hideOrder", "The order is taken and cannot be seen for two minutes.", [
    { name: "hideOrder", forMs: 120_000, ...HALF },
  ]),
  plan(
    "dropAndHide",
    "The answer is lost, and the order cannot be seen for two minutes.",
    [
      { name: "dropAnswer", ...HALF },
      { name: "hideOrder", forMs: 120_000, ...HALF },
    ],
    { counted: "hideOrder" },
  ),
  plan("rateLimit", "A 429 with the time of the reset.", [{ name: "rateLimit", probability: 0.3 }]),
  plan("washTrade", "A 403: an opposite order exists.", [{ name: "washTrade", probability: 0.3 }]),
  plan(
    "partialFill",
    "Orders fill a share at a time.",
    [{ name: "partialFill", fraction: 0.001 }],
    {
      strikes: 20,
    },
  ),
  plan(
    "fillAfterCancel",
    "A cancelled order fills all the same, two seconds later.",
    [{ name: "fillAfterCancel", delayMs: 2_000, ...HALF }],
    { strikes: 2, outlastsMs: 10_000 },
  ),
  plan(
    "repeatEvents",
    "Executions, open orders and positions are listed twice.",
    [
      { name: "repeatEvents", route: "GET /v2/account/activities" },
      { name: "repeatEvents", route: "GET /v2/orders" },
      { name: "repeatEvents", route: "GET /v2/positions" },
    ],
    { strikes: 10 },
  ),
  plan(
    "reorderEvents",
    "Executions, open orders and positions are listed backwards.",
    [
      { name: "reorderEvents", route: "GET /v2/account/activities" },
      { name: "reorderEvents", route: "GET /v2/orders" },
      { name: "reorderEvents", route: "GET /v2/positions" },
    ],
    { strikes: 10 },
  ),
  plan(
    "removeField",
    "Orders come without what they filled, and the account without its cash.",
    [
      { name: "removeField", field: "filled_qty", route: "POST /v2/orders", ...HALF },
      { name: "removeField", field: "filled_qty", route: "GET /v2/orders", ...HALF },
      { name: "removeField", field: "cash", route: "GET /v2/account", ...HALF },
    ],
    { strikes: 8 },
  ),
  plan(
    "renameField",
    "The order's id and the position's quantity have other names.",
    [
      { name: "renameField", field: "id", to: "order_id", route: "POST /v2/orders", ...HALF },
      { name: "renameField", field: "id", to: "order_id", route: "GET /v2/orders", ...HALF },
      { name: "renameField", field: "qty", to: "quantity", route: "GET /v2/positions", ...HALF },
    ],
    { strikes: 8 },
  ),
  plan(
    "changeType",
    "Quantities are numbers where they were text.",
    [
      { name: "changeType", field: "qty", route: "POST /v2/orders", ...HALF },
      { name: "changeType", field: "filled_qty", route: "GET /v2/orders", ...HALF },
      { name: "changeType", field: "qty", route: "GET /v2/positions", ...HALF },
    ],
    { strikes: 8 },
  ),
  plan(
    "brokerOutage",
    "The broker answers 503 to everything about orders and the account.",
    OUTAGE_ROUTES.map((route) => ({ name: "errorBefore", route }) as const),
    { strikes: 20 },
  ),
];

/** The plans by these names, in the drill's order; all of them without names. */
export const plansNamed = (names: readonly string[] | undefined): readonly FaultPlan[] =>
  names === undefined ? FAULT_PLANS : FAULT_PLANS.filter(({ name }) => names.includes(name));
