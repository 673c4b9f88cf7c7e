import { describe, expect, it } from "vitest";
import { AlertMessage } from "../../shared/runtime/messages/alert.ts";

/** An alarm as CloudWatch hands it to a topic. */
const alarm = {
  AlarmName: "holdfast-paper-us-east-2-exits-Queue-Message-Age-Max-Critical",
  AlarmDescription: "Exits wait too long. Runbook: https://example.com/runbooks/queue-late.md",
  AWSAccountId: "000000000000",
  NewStateValue: "ALARM",
  NewStateReason: "Threshold Crossed",
  StateChangeTime: "2026-03-10T14:00:00.000+0000",
  Region: "US East (Ohio)",
  OldStateValue: "OK",
};

describe("the alerts topic", () => {
  it("carries CloudWatch's alarms to the pager, with their severity and runbook", () => {
    expect(AlertMessage.parse(alarm)).toEqual({
      key: alarm.AlarmName,
      action: "trigger",
      severity: "critical",
      summary: `${alarm.AlarmName}: ${alarm.AlarmDescription}`,
      component: "us-east-2-exits-Queue-Message-Age-Max-Critical",
      mode: "paper",
      atMs: Date.UTC(2026, 2, 10, 14),
      runbook: "https://example.com/runbooks/queue-late.md",
    });
  });

  it("resolves under the same key when the alarm is over", () => {
    const over = AlertMessage.parse({ ...alarm, NewStateValue: "OK" });
    expect(over).toMatchObject({ key: alarm.AlarmName, action: "resolve" });
  });

  it.each([
    { ...alarm, NewStateValue: "INSUFFICIENT_DATA" },
    { ...alarm, StateChangeTime: "yesterday" },
    { key: "incomplete" },
  ])("refuses what it does not understand", (message) => {
    expect(AlertMessage.safeParse(message).success).toBe(false);
  });
});
