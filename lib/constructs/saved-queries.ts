import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import { QueryDefinition, QueryString } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/** What is searched. */
export type SavedQueriesProps = {
  /** Begins the queries' names; a slash in a name is a folder. */
  readonly namePrefix: string;
  readonly logGroups: readonly ILogGroup[];
};

/** The questions that are asked of the logs again and again. */
const QUERIES: Readonly<Record<string, ConstructorParameters<typeof QueryString>[0]>> = {
  "way-of-an-order": {
    fields: ["@timestamp", "service", "message", "outcome", "reasons"],
    // The one who asks puts the order's id here.
    filterStatements: ['clientOrderId = "CLIENT_ORDER_ID"'],
    sort: "@timestamp asc",
    limit: 200,
  },
  "faults-by-function": {
    filterStatements: ['level in ["ERROR", "WARN"]'],
    statsStatements: ["count(*) as faults by service, message"],
    sort: "faults desc",
    limit: 100,
  },
  "what-became-of-a-cycle": {
    fields: ["@timestamp", "service", "message"],
    filterStatements: ['cycleId = "CYCLE_ID"'],
    sort: "@timestamp asc",
    limit: 500,
  },
  "audit-flaws": {
    fields: ["@timestamp", "keptTo", "checkpoint", "flaws.0", "flaws.1"],
    filterStatements: ['message = "keep-audit is done."', "ispresent(flaws.0)"],
    sort: "@timestamp desc",
    limit: 200,
  },
  "health-changes": {
    fields: ["@timestamp", "level", "reason"],
    filterStatements: ['message = "aggregate-health is done."'],
    sort: "@timestamp desc",
    limit: 200,
  },
};

/** Saved queries of Logs Insights over the functions' logs. */
export class SavedQueries extends Construct {
  readonly queries: readonly QueryDefinition[];

  constructor(scope: Construct, id: string, { namePrefix, logGroups }: SavedQueriesProps) {
    super(scope, id);
    this.queries = Object.entries(QUERIES).map(
      ([name, query]) =>
        new QueryDefinition(this, name, {
          queryDefinitionName: `${namePrefix}/${name}`,
          queryString: new QueryString(query),
          logGroups: [...logGroups],
        }),
    );
  }
}
