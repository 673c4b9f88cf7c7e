import type { Rule } from "../template-set.ts";
import { drillRules } from "./drills.ts";
import { auditRules } from "./audit.ts";
import { functionRules } from "./functions.ts";
import { lockedRules } from "./locked.ts";
import { metricRules } from "./metrics.ts";
import { monitoringRules } from "./monitoring.ts";
import { policyRules } from "./policies.ts";
import { policyKeyRules } from "./policy-key.ts";
import { queueRules } from "./queues.ts";
import { scheduleRules } from "./schedules.ts";
import { stackRules } from "./stacks.ts";
import { storageRules } from "./storage.ts";
import { versionRules } from "./versions.ts";
import { workflowRules } from "./workflows.ts";

/** Every rule that every resource of every stack must satisfy. */
export const allRules: readonly Rule[] = [
  ...drillRules,
  ...auditRules,
  ...functionRules,
  ...lockedRules,
  ...metricRules,
  ...monitoringRules,
  ...policyRules,
  ...policyKeyRules,
  ...queueRules,
  ...scheduleRules,
  ...stackRules,
  ...storageRules,
  ...versionRules,
  ...workflowRules,
];
