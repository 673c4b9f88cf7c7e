import * as z from "zod/mini";

// What the operator's API answers, as its clients rely on it: the CLI and the page. Money, prices
// and quantities are decimal text; times are epoch ms. Fields that no client reads are left out.

/** The world that an answer is about; it stands in every body. */
const ModeBody = z.object({ mode: z.enum(["sim", "shadow", "paper", "live"]) });

const Decimal = z.string().check(z.regex(/^-?\d{1,15}(\.\d{1,18})?$/));

const Session = z.object({
  date: z.string(),
  opensAtMs: z.number(),
  closesAtMs: z.number(),
  isHalfDay: z.boolean(),
});

/** An answer that was kept from before the store stopped answering; when it was read. */
export const KeptBody = z.object({ answerKeptAtMs: z.number() });

/** GET /api/system/health */
export const HealthBody = z.extend(ModeBody, {
  level: z.string(),
  reason: z.string(),
  atMs: z.number(),
  components: z.array(
    z.object({
      component: z.string(),
      isCritical: z.boolean(),
      level: z.string(),
      reason: z.string(),
      evidenceAtMs: z.nullable(z.number()),
    }),
  ),
});

/** GET /api/system/health, with how it was, newest first */
export const HealthHistoryBody = z.extend(HealthBody, {
  history: z.array(z.object({ atMs: z.number(), level: z.string(), reason: z.string() })),
});

/** GET /api/system/errors/COMPONENT */
export const RecentErrorsBody = z.extend(ModeBody, {
  component: z.string(),
  atMs: z.number(),
  looked: z.number(),
  errors: z.array(
    z.object({ atMs: z.number(), detail: z.string(), fault: z.nullable(z.string()) }),
  ),
});

/** GET /api/alerts, those that stand first */
export const AlertsBody = z.extend(ModeBody, {
  atMs: z.number(),
  alerts: z.array(
    z.object({
      key: z.string(),
      action: z.string(),
      severity: z.string(),
      summary: z.string(),
      atMs: z.number(),
      runbook: z.string(),
      toldAtMs: z.nullable(z.number()),
      beganAtMs: z.number(),
    }),
  ),
});

/** POST /api/alerts/test */
export const AlertsTestBody = z.extend(ModeBody, {
  key: z.string(),
  isHandedOver: z.boolean(),
  detail: z.string(),
});

/** GET /api/cycle */
export const CycleBody = z.extend(ModeBody, {
  atMs: z.number(),
  cycle: z.nullable(
    z.object({
      cycleId: z.string(),
      closedAtMs: z.number(),
      outcome: z.string(),
      reason: z.string(),
      dataMode: z.nullable(z.string()),
    }),
  ),
  market: z.object({
    phase: z.string(),
    session: z.nullable(Session),
    nextSession: Session,
  }),
});

/** GET /api/funnel */
export const FunnelBody = z.extend(ModeBody, {
  sessionDate: z.string(),
  stages: z.array(
    z.object({
      stage: z.string(),
      passed: z.number(),
      stopped: z.array(z.object({ reason: z.string(), count: z.number() })),
    }),
  ),
  sentences: z.array(z.string()),
  nearest: z.array(
    z.object({
      symbol: z.string(),
      score: z.number(),
      threshold: z.number(),
      direction: z.string(),
      reasons: z.array(z.string()),
    }),
  ),
  threshold: z.number(),
  expectation: z.object({
    verdict: z.enum(["normal", "quiet", "abnormal", "unknown"]),
    observed: z.number(),
    expected: z.number(),
  }),
  distribution: z.object({
    bins: z.array(z.number()),
    drift: z.nullable(z.number()),
    verdict: z.string(),
  }),
});

/** GET /api/configuration; the policy is compared value by value, whatever it has. */
export const ConfigurationBody = z.extend(ModeBody, {
  policy: z.record(z.string(), z.unknown()),
  drift: z.nullable(z.string()),
  isSigned: z.boolean(),
});

/** GET /api/positions */
export const PositionsBody = z.extend(ModeBody, {
  account: z.string(),
  atMs: z.number(),
  tradingState: z.nullable(
    z.object({ mode: z.string(), reason: z.string(), by: z.string(), atMs: z.number() }),
  ),
  reconciliation: z.nullable(z.object({ state: z.string(), cleanAtMs: z.nullable(z.number()) })),
  equity: z.nullable(Decimal),
  buyingPower: z.nullable(Decimal),
  realizedProfit: z.nullable(Decimal),
  unrealizedProfit: Decimal,
  positions: z.array(
    z.object({
      symbol: z.string(),
      quantity: Decimal,
      averagePrice: z.nullable(Decimal),
      lastPrice: z.nullable(Decimal),
      lastPriceAgeMs: z.nullable(z.number()),
      marketValue: z.nullable(Decimal),
      unrealizedProfit: z.nullable(Decimal),
      openedAtMs: z.nullable(z.number()),
    }),
  ),
  inFlight: z.array(z.object({ clientOrderId: z.string(), stage: z.string() })),
});

/** GET /api/orders */
export const OrdersBody = z.extend(ModeBody, {
  sessionDate: z.string(),
  orders: z.array(
    z.object({
      clientOrderId: z.string(),
      symbol: z.string(),
      side: z.string(),
      purpose: z.string(),
      quantity: Decimal,
      filled: Decimal,
      averagePrice: z.nullable(Decimal),
      limitPrice: z.nullable(Decimal),
      state: z.string(),
      reasons: z.array(z.string()),
      decision: z.string(),
      decidedAtMs: z.number(),
    }),
  ),
});

/** GET /api/quotes */
export const QuotesBody = z.extend(ModeBody, {
  quotes: z.array(z.object({ symbol: z.string(), ageMs: z.number() })),
});

/** GET /api/equity */
export const EquityBody = z.extend(ModeBody, {
  points: z.array(z.object({ atMs: z.number(), equity: Decimal })),
});

/** GET /api/flags */
export const FlagsBody = z.extend(ModeBody, {
  flags: z.array(
    z.object({
      flag: z.string(),
      percent: z.number(),
      rollBack: z.boolean(),
      rolledBack: z.nullable(z.object({ atMs: z.number(), reason: z.string() })),
    }),
  ),
});

/** GET /api/sre/health */
export const SreHealthBody = z.extend(ModeBody, {
  findings: z.array(
    z.object({
      cause: z.string(),
      component: z.string(),
      subject: z.string(),
      detail: z.string(),
    }),
  ),
  treatment: z.object({
    type: z.string(),
    remedy: z.nullable(z.string()),
    reason: z.nullable(z.string()),
  }),
  probe: z.nullable(z.object({ atMs: z.number(), passed: z.boolean(), detail: z.string() })),
  remedies: z.array(
    z.object({
      atMs: z.number(),
      remedy: z.nullable(z.string()),
      component: z.string(),
      subject: z.string(),
      outcome: z.string(),
      detail: z.string(),
    }),
  ),
  stopped: z.array(z.string()),
});

/** POST /api/sre/health: the run that was started. */
export const HealStartedBody = z.extend(ModeBody, { run: z.string() });

/** POST /api/sre/resume */
export const HealResumedBody = z.extend(ModeBody, { remedy: z.string(), detail: z.string() });

/** GET /api/vendors */
export const VendorsBody = z.extend(ModeBody, {
  atMs: z.number(),
  dataMode: z.nullable(z.string()),
  keptAtMs: z.nullable(z.number()),
  vendors: z.array(
    z.object({
      vendor: z.string(),
      use: z.string(),
      outcome: z.string(),
      reason: z.string(),
      p50Ms: z.nullable(z.number()),
      p95Ms: z.nullable(z.number()),
      dataAgeMs: z.nullable(z.number()),
      score: z.number(),
      agreement: z.number(),
      prices: z.number(),
      confirms: z.number(),
      requestsUsed: z.number(),
      requestsPerMinute: z.number(),
      answers: z.number(),
      answersOverKept: z.number(),
      breaker: z.string(),
      probesAtMs: z.nullable(z.number()),
    }),
  ),
});

/** GET /api/breakers */
export const BreakersBody = z.extend(ModeBody, {
  atMs: z.number(),
  breakers: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      sinceMs: z.nullable(z.number()),
      failuresInARow: z.number(),
      trips: z.number(),
      reason: z.nullable(z.string()),
      nextProbeMs: z.nullable(z.number()),
      probesOut: z.number(),
      probesSucceeded: z.number(),
      calls: z.number(),
      failureShare: z.nullable(z.number()),
      slowShare: z.nullable(z.number()),
    }),
  ),
  transitions: z.array(
    z.object({
      name: z.string(),
      from: z.string(),
      to: z.string(),
      atMs: z.number(),
      reason: z.nullable(z.string()),
    }),
  ),
});

/** GET /api/scores */
export const ScoresBody = z.extend(ModeBody, {
  scores: z.array(
    z.object({
      symbol: z.string(),
      atMs: z.number(),
      score: z.number(),
      direction: z.string(),
      freshness: z.number(),
      components: z.array(z.object({ name: z.string(), value: z.number() })),
      missing: z.array(z.string()),
      gateReasons: z.array(z.string()),
      outcome: z.string(),
      basis: z.optional(z.string()),
    }),
  ),
});

const TradingState = z.object({
  mode: z.string(),
  reason: z.string(),
  by: z.string(),
  atMs: z.number(),
  isFlattening: z.boolean(),
  suspendAtBroker: z.boolean(),
});

const ResumeRequest = z.object({ by: z.string(), atMs: z.number(), snapshotHash: z.string() });

/** GET /api/trading/state */
export const TradingStateBody = z.extend(ModeBody, {
  account: z.string(),
  atMs: z.number(),
  tradingState: z.nullable(TradingState),
  resumeRequest: z.nullable(
    z.extend(ResumeRequest, { expiresAtMs: z.number(), isCurrent: z.boolean() }),
  ),
  snapshotHash: z.nullable(z.string()),
  held: z.record(z.string(), Decimal),
  inFlight: z.array(z.string()),
});

const ProvenBody = z.extend(ModeBody, {
  tradingState: TradingState,
  isProven: z.boolean(),
  left: z.array(z.string()),
  detail: z.string(),
});

/** POST /api/trading/halt */
export const HaltedBody = ProvenBody;

/** POST /api/trading/flatten */
export const FlattenedBody = z.extend(ProvenBody, { exits: z.array(z.string()) });

/** POST /api/trading/resume/request */
export const ResumeRequestedBody = z.extend(ModeBody, {
  request: ResumeRequest,
  expiresAtMs: z.number(),
  snapshot: z.unknown(),
});

/** POST /api/trading/resume/approve */
export const ResumedBody = z.extend(ModeBody, {
  tradingState: TradingState,
  snapshotHash: z.string(),
  snapshot: z.unknown(),
});

/** POST /api/reconcile */
export const ReconciledBody = z.extend(ModeBody, {
  isClean: z.boolean(),
  settled: z.number(),
  unknownLeft: z.number(),
  cancelled: z.number(),
  differences: z.array(z.string()),
});

/** GET /api/region */
export const RegionBody = z.extend(ModeBody, {
  account: z.string(),
  region: z.string(),
  activeRegion: z.nullable(z.string()),
  epoch: z.nullable(z.number()),
  tradingState: z.nullable(TradingState),
  isTakeoverUnderWay: z.boolean(),
  reconciliation: z.nullable(z.object({ state: z.string() })),
  inFlight: z.number(),
  lease: z.nullable(z.object({ region: z.string(), epoch: z.number(), beat: z.number() })),
});

/** GET /api/drills */
export const DrillsBody = z.extend(ModeBody, {
  atMs: z.number(),
  drills: z.array(
    z.object({
      place: z.string(),
      endedAtMs: z.number(),
      ok: z.boolean(),
      totals: z.object({ failovers: z.number() }),
      rows: z.array(
        z.object({
          scenario: z.string(),
          from: z.string(),
          to: z.string(),
          doubled: z.number(),
          unguarded: z.number(),
          lost: z.number(),
          secondsToFence: z.nullable(z.number()),
          secondsToActive: z.nullable(z.number()),
          alerts: z.array(z.string()),
          differences: z.array(z.string()),
          ok: z.boolean(),
        }),
      ),
    }),
  ),
});

/** POST /api/failover and /api/failover/plan */
export const FailoverBody = z.extend(ModeBody, {
  account: z.string(),
  from: z.string(),
  to: z.string(),
  epoch: z.number(),
  tradingMode: z.string(),
  inFlight: z.number(),
  unknown: z.number(),
});

/** POST /api/dead-letters/look, /redrive and /quarantine */
export const DeadLettersBody = z.extend(ModeBody, {
  letters: z.array(
    z.object({
      queue: z.string(),
      id: z.string(),
      about: z.string(),
      verdict: z.enum(["redrive", "wait", "drop", "quarantine"]),
      reason: z.string(),
      redrives: z.number(),
      sentAtMs: z.number(),
    }),
  ),
  isMore: z.boolean(),
});

/** GET /api/orders/{clientOrderId} */
export const ExplainedBody = z.extend(ModeBody, {
  clientOrderId: z.string(),
  symbol: z.string(),
  side: z.string(),
  purpose: z.string(),
  state: z.string(),
  quantity: Decimal,
  filled: Decimal,
  averagePrice: z.nullable(Decimal),
  steps: z.array(
    z.object({
      atMs: z.number(),
      type: z.string(),
      sentence: z.string(),
      reasons: z.array(z.string()),
    }),
  ),
});

const ChaosEntry = z.object({
  failure: z.string(),
  breaks: z.string(),
  by: z.string(),
  beganAtMs: z.number(),
  endsAtMs: z.number(),
  endedAtMs: z.nullable(z.number()),
});

/** GET /api/chaos */
export const ChaosBody = z.extend(ModeBody, {
  refusal: z.nullable(z.string()),
  failures: z.array(z.object({ failure: z.string(), breaks: z.string(), isOnce: z.boolean() })),
  current: z.nullable(ChaosEntry),
  history: z.array(ChaosEntry),
});

/** POST /api/chaos/inject */
export const ChaosInjectedBody = z.extend(ModeBody, {
  failure: z.string(),
  beganAtMs: z.number(),
  endsAtMs: z.number(),
});

/** POST /api/chaos/clear */
export const ChaosClearedBody = z.extend(ModeBody, { cleared: z.nullable(z.string()) });

/** GET /api/audit */
export const AuditBody = z.extend(ModeBody, {
  account: z.string(),
  headSequence: z.number(),
  records: z.array(
    z.object({
      sequence: z.number(),
      atMs: z.number(),
      region: z.string(),
      epoch: z.number(),
      actor: z.string(),
      kind: z.string(),
      body: z.record(z.string(), z.unknown()),
      previousHash: z.string(),
      hash: z.string(),
    }),
  ),
});

/** GET /api/audit/verification */
export const AuditVerificationBody = z.extend(ModeBody, {
  account: z.string(),
  position: z.object({ sequence: z.number(), hash: z.nullable(z.string()) }),
  headSequence: z.number(),
  isWhole: z.boolean(),
  checkpoints: z.number(),
  restores: z.array(z.number()),
  flaws: z.array(
    z.looseObject({
      type: z.string(),
      sequence: z.number(),
      sentence: z.string(),
      sealedAtMs: z.optional(z.number()),
    }),
  ),
});

/** GET /api/timeline */
export const TimelineBody = z.extend(ModeBody, {
  atMs: z.number(),
  level: z.string(),
  sinceMs: z.nullable(z.number()),
  troubles: z.array(
    z.object({
      component: z.string(),
      level: z.string(),
      sinceMs: z.nullable(z.number()),
      reason: z.string(),
      response: z.string(),
    }),
  ),
  healing: z.nullable(z.object({ remedy: z.string(), sinceMs: z.number(), detail: z.string() })),
  recovered: z.nullable(z.object({ atMs: z.number(), tookMs: z.number() })),
  events: z.array(
    z.object({
      atMs: z.number(),
      kind: z.enum(["chaos", "health", "alert", "healing", "vendor"]),
      tone: z.enum(["good", "warn", "bad", "unknown"]),
      title: z.string(),
      detail: z.string(),
    }),
  ),
  missing: z.array(z.string()),
});

/** POST /api/backups/now */
export const BackupBody = z.extend(ModeBody, {
  state: z.enum(["linked", "running", "waiting", "failed", "broken"]),
  detail: z.string(),
  linkNumber: z.nullable(z.number()),
});
