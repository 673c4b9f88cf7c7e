import { Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  type IHttpApi,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import type { GuardedFunction } from "./guarded-function.ts";
import { RetainedLogs } from "./retained-logs.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** Who vouches for the operators: any issuer of OpenID Connect tokens. */
export type Identity = {
  /** `https://...`, as it stands in a token's `iss`. */
  readonly issuer: string;
  /** As it stands in a token's `aud`. */
  readonly audience: string;
};

/** What the API needs. There is no API without an identity: it is never open. */
export type OperatorApiProps = {
  readonly identity: Identity;
  /** Answers questions. */
  readonly reader: GuardedFunction;
  /** Fulfils wishes. */
  readonly control: GuardedFunction;
  /** Fulfils wishes about dead letters. */
  readonly deadLetters: GuardedFunction;
  readonly backUp: GuardedFunction;
  readonly logsKey: IKey;
};

/** What can be asked; each needs a token with the scope `read`. */
const QUESTIONS = [
  "/api/system/health",
  "/api/system/errors/{component}",
  "/metrics",
  "/api/alerts",
  "/api/audit",
  "/api/audit/verification",
  "/api/chaos",
  "/api/timeline",
  "/api/funnel",
  "/api/positions",
  "/api/orders",
  "/api/orders/{clientOrderId}",
  "/api/trading/state",
  "/api/region",
  "/api/drills",
  "/api/cycle",
  "/api/quotes",
  "/api/equity",
  "/api/scores",
  "/api/flags",
  "/api/sre/health",
  "/api/vendors",
  "/api/breakers",
  "/api/configuration",
] as const;

/** What can be wished for, and the scope that a token needs for it. */
const WISHES = [
  { path: "/api/trading/halt", scope: "operate" },
  { path: "/api/trading/flatten", scope: "operate" },
  { path: "/api/trading/resume/request", scope: "operate" },
  { path: "/api/trading/resume/approve", scope: "approve" },
  { path: "/api/alerts/test", scope: "operate" },
  { path: "/api/sre/health", scope: "operate" },
  // Remedies only reduce risk or restore what was signed, whoever lets them.
  { path: "/api/sre/resume", scope: "operate" },
  // Refused by the function unless the deployment allows it, and always where orders are real.
  { path: "/api/chaos/inject", scope: "operate" },
  { path: "/api/chaos/clear", scope: "operate" },
  { path: "/api/reconcile", scope: "operate" },
  // A takeover allows nothing that was not allowed before it.
  { path: "/api/failover/plan", scope: "operate" },
  { path: "/api/failover", scope: "operate" },
] as const;

/** Wishes about dead letters: looking takes them for a moment, so that it is no question. */
const LETTER_WISHES = ["look", "redrive", "quarantine"] as const;

/** Logged of each request, as JSON: never a token, never a body. */
const ACCESS_LOG = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  route: "$context.routeKey",
  status: "$context.status",
  subject: "$context.authorizer.claims.sub",
  sourceIp: "$context.identity.sourceIp",
  latencyMs: "$context.responseLatency",
  error: "$context.authorizer.error",
});

/** The operator's API: closed without a token, throttled, logged, and without CORS. */
export class OperatorApi extends Construct implements Watched {
  readonly stage: HttpStage;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, props: OperatorApiProps) {
    super(scope, id);
    const { identity, reader, control, deadLetters, backUp, logsKey } = props;
    this.#api = new HttpApi(this, "api", {
      description: "The operator's API.",
      createDefaultStage: false,
      defaultAuthorizer: new HttpJwtAuthorizer("operators", identity.issuer, {
        jwtAudience: [identity.audience],
      }),
      defaultAuthorizationScopes: ["read"],
    });
    const questions = new HttpLambdaIntegration("handler", reader.callable);
    for (const path of QUESTIONS) {
      this.#api.addRoutes({ path, methods: [HttpMethod.GET], integration: questions });
    }
    const wishes = new HttpLambdaIntegration("control", control.function);
    for (const { path, scope: authorizationScope } of WISHES) {
      this.#api.addRoutes({
        path,
        methods: [HttpMethod.POST],
        integration: wishes,
        authorizationScopes: [authorizationScope],
      });
    }
    const letters = new HttpLambdaIntegration("dead-letters", deadLetters.function);
    for (const wish of LETTER_WISHES) {
      this.#api.addRoutes({
        path: `/api/dead-letters/${wish}`,
        methods: [HttpMethod.POST],
        integration: letters,
        authorizationScopes: ["operate"],
      });
    }
    this.#api.addRoutes({
      path: "/api/backups/now",
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("backups", backUp.function),
      authorizationScopes: ["operate"],
    });
    this.stage = new HttpStage(this, "stage", {
      httpApi: this.#api,
      stageName: "$default",
      autoDeploy: true,
      // An operator's page asks a few questions a second; a leaked token can ask no more.
      throttle: { rateLimit: 20, burstLimit: 40 },
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(new RetainedLogs(this, "logs", { key: logsKey })),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
  }

  /** Adds its row and the alarm for failing answers. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const errorImpact =
      "Operators get errors instead of health and positions, and may not be able to halt.";
    monitoring.monitorApiGatewayV2HttpApi({
      // The class and its interface differ only in how they spell an absent endpoint.
      api: this.#api as IHttpApi,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      add5xxCountAlarm: {
        Warning: {
          ...quietAlarm(runbooks, { errorImpact, page: "api-errors" }),
          maxErrorCount: 5,
          period: Duration.minutes(5),
        },
      },
    });
  }
}
