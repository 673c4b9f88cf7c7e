import type { AlertSums } from "./alert-sums.ts";

/**
 * The share of the alerts' premium, 0 to 1, that states no view. `undefined` without any premium,
 * because then nothing was measured.
 */
export const flowToxicity = ({
  totalPremium,
  toxicPremium,
}: Readonly<AlertSums>): number | undefined =>
  totalPremium > 0 ? toxicPremium / totalPremium : undefined;
