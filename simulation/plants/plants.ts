import { AUDIT_PLANTS } from "./audit-plants.ts";
import { DATA_PLANTS } from "./data-plants.ts";
import { EXIT_PLANTS } from "./exit-plants.ts";
import { LEDGER_PLANTS } from "./ledger-plants.ts";
import { ORDER_PLANTS } from "./order-plants.ts";
import type { Plant } from "./plant.ts";
import { RISK_PLANTS } from "./risk-plants.ts";
import { TENDING_PLANTS } from "./tending-plants.ts";

/** Every mistake that the simulation has to find. */
export const PLANTS: readonly Plant[] = [
  ...ORDER_PLANTS,
  ...RISK_PLANTS,
  ...LEDGER_PLANTS,
  ...DATA_PLANTS,
  ...TENDING_PLANTS,
  ...AUDIT_PLANTS,
  ...EXIT_PLANTS,
];
