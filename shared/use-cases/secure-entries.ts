import { judgePolicy } from "../domain/policy/signed-policy.ts";
import { policyOf } from "../domain/policy/trading-policy.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { MessageSender } from "../ports/message-queue.ts";
import type { PolicySeal, SignedPolicies } from "../ports/signed-policies.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { createPolicyReader } from "./read-signed-policy.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** What sending entries under a signed configuration needs. */
export type SecureEntriesDeps = {
  readonly policies: Pick<SignedPolicies, "load" | "loadSpare">;
  readonly seal: PolicySeal;
  readonly telemetry: Pick<Telemetry, "recordEvidence">;
  readonly clock: Clock;
  readonly settings: Settings;
};

/**
 * The way to execution for entries, open only while what decides here is what was signed: entries
 * that were decided by anything else go nowhere, and health says why. Throws `RetryableError` while
 * it cannot be known, so that the message comes again; exits have a way of their own.
 */
export const secureEntries = (orders: MessageSender, deps: SecureEntriesDeps): MessageSender => {
  const { settings, clock, telemetry } = deps;
  const reader = createPolicyReader({ ...deps, account: settings.account });
  const driftNow = async (): Promise<string | null> => {
    const reading = await reader.latest();
    if (reading.type === "lost") return reading.sentence;
    const running = policyOf(settings);
    const verdict = judgePolicy(reading.signed, { running }, clock.nowMs());
    return verdict.type === "drifted" ? verdict.sentence : null;
  };
  let isTold = false;
  const prove = (succeeded: boolean, detail: string): Promise<void> =>
    tolerateLoss(
      telemetry.recordEvidence({
        component: "configuration",
        atMs: clock.nowMs(),
        succeeded,
        detail,
        latencyMs: null,
        dataAgeMs: null,
        fault: succeeded ? null : "configuration",
      }),
    );
  return {
    send: async (messages) => {
      const drift = await driftNow();
      if (drift !== null) {
        isTold = true;
        return prove(false, `${messages.length} entries were not sent. ${drift}`);
      }
      await orders.send(messages);
      if (!isTold) return;
      isTold = false;
      // Once, so that health need not wait for the next look at the whole configuration.
      await prove(true, "Entries are sent again: they are decided by what was signed.");
    },
  };
};
