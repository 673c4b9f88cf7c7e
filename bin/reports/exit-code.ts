import type { ExitCode } from "../verb.ts";

/** The exit code of a system: halted trading stands above its health, and unknown is no success. */
export const exitCodeOf = (level: string, tradingMode: string | undefined): ExitCode => {
  if (tradingMode === "halted") return 3;
  switch (level) {
    case "OK":
      return tradingMode === "reducing" ? 1 : 0;
    case "DEGRADED":
      return 1;
    default:
      return 2;
  }
};
