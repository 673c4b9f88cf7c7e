import * as z from "zod";
import type { Alert } from "../../ports/alerts.ts";

const OwnAlert: z.ZodType<Alert> = z.strictObject({
  key: z.string().min(1).max(255),
  action: z.enum(["trigger", "resolve"]),
  severity: z.enum(["critical", "error", "warning", "info"]),
  summary: z.string().min(1).max(1_024),
  component: z.string().min(1).max(64),
  mode: z.string().min(1).max(16),
  atMs: z.number().min(0),
  runbook: z.string().max(512),
});

/** The mode and the component stand in an alarm's name: `holdfast-paper-us-east-2-exits-…`. */
const ALARM_NAME = /^holdfast-(?<mode>[a-z]+)-(?<component>.+)$/;

/** What CloudWatch sends when an alarm begins or ends; fields beyond these are let be. */
const CloudWatchAlarm = z
  .object({
    AlarmName: z.string().min(1).max(255),
    AlarmDescription: z.string().nullish(),
    NewStateValue: z.enum(["ALARM", "OK"]),
    StateChangeTime: z.string(),
  })
  .transform((alarm, context): Alert => {
    const description = alarm.AlarmDescription ?? "";
    const name = ALARM_NAME.exec(alarm.AlarmName)?.groups;
    // CloudWatch writes the offset without a colon: 2026-03-10T14:00:00.000+0000.
    const atMs = Date.parse(alarm.StateChangeTime.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
    if (!(atMs >= 0)) {
      context.addIssue({ code: "custom", path: ["StateChangeTime"], message: "expected a time" });
      return z.NEVER;
    }
    return {
      key: alarm.AlarmName,
      action: alarm.NewStateValue === "ALARM" ? "trigger" : "resolve",
      severity: alarm.AlarmName.endsWith("-Warning") ? "warning" : "critical",
      summary: `${alarm.AlarmName}: ${description}`.slice(0, 1_024),
      component: (name?.["component"] ?? alarm.AlarmName).slice(0, 64),
      mode: name?.["mode"]?.slice(0, 16) ?? "unknown",
      atMs,
      runbook: /Runbook:\s*(\S+)/.exec(description)?.[1]?.slice(0, 512) ?? "",
    };
  });

/** What the alerts topic carries: our own alerts, and the alarms of CloudWatch. */
export const AlertMessage: z.ZodType<Alert> = z.unknown().transform((message, context): Alert => {
  const isAlarm = typeof message === "object" && message !== null && "AlarmName" in message;
  const parsed = (isAlarm ? CloudWatchAlarm : OwnAlert).safeParse(message);
  if (parsed.success) return parsed.data;
  for (const { path, message: words } of parsed.error.issues) {
    context.addIssue({ code: "custom", path, message: words });
  }
  return z.NEVER;
});
