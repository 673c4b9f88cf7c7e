/**
 * Seeds that found a plant when it was last looked for, to be tried before all others: an order of
 * trying and nothing else, since worlds change with the simulation.
 */
export const FIRST_SEEDS: Readonly<Record<string, readonly number[]>> = {
  "failed-positions-read-as-flat": [72],
  "resume-by-one": [147],
  "rebuilt-as-flat": [92],
  "rebuilt-without-recorded-orders": [18],
  "halt-not-checked": [17, 28],
  "bracket-close-not-booked": [1],
  "breaker-lets-all-through": [6],
  "claim-of-another-taken-for-own": [28],
  "clean-despite-differences": [28],
  "deadline-ignored": [54],
  "fence-not-checked": [13],
  "fence-not-checked-when-settling": [147],
  "freshness-floored": [19],
  "limits-without-working-orders": [3],
  "orphan-left-alone": [104],
  "reference-latched": [3],
  "settled-order-sent-again": [91],
  "takeover-stays-clean": [2],
  "takeover-trades-at-once": [2],
  "takeover-without-new-epoch": [2],
  "drift-goes-on-trading": [70],
  "drift-noticed-in-one-direction": [15],
  "probe-account-accepted": [12],
  "remedy-loosens-limit": [5],
  "remedy-resumes-trading": [15],
  "half-open-lets-all-through": [45],
  "stopped-remedy-used-again": [143],
};
