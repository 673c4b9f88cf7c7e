import type { Evidence } from "../health/evidence.ts";
import type { RemedyName } from "./remedy.ts";

const GIVEN_UP = "Healing has given up: ";

/** What is written of a component whose remedy is stopped, one sentence. */
export const givenUpOf = (remedy: RemedyName): string =>
  `${GIVEN_UP}${remedy} failed too often and is stopped.`;

/** Whether healing wrote it, and not the component's own work: it is no cause of anything. */
export const isGivenUp = ({ detail }: Pick<Evidence, "detail">): boolean =>
  detail.startsWith(GIVEN_UP);
