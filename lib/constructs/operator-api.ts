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
  readonly handler: GuardedFunction;
  readonly logsKey: IKey;
};

/** What can be asked; each needs a token with the scope `read`. */
const ROUTES = [
  "/api/system/health",
  "/api/funnel",
  "/api/positions",
  "/api/orders",
  "/api/cycle",
  "/api/quotes",
  "/api/equity",
  "/api/scores",
] as const;

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

  constructor(scope: Construct, id: string, { identity, handler, logsKey }: OperatorApiProps) {
    super(scope, id);
    this.#api = new HttpApi(this, "api", {
      description: "The operator's API.",
      createDefaultStage: false,
      defaultAuthorizer: new HttpJwtAuthorizer("operators", identity.issuer, {
        jwtAudience: [identity.audience],
      }),
      defaultAuthorizationScopes: ["read"],
    });
    const integration = new HttpLambdaIntegration("handler", handler.function);
    for (const path of ROUTES) {
      this.#api.addRoutes({ path, methods: [HttpMethod.GET], integration });
    }
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
    const errorImpact = "Operators get errors instead of health and positions; trading goes on.";
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
