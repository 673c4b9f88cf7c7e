/**
 * The account of the probe, and of nothing else: no configuration may name it, and an order id that
 * carries it is read as nobody's, so that no message, report or command can make an order of it.
 */
export const PROBE_ACCOUNT = "probe";
