import * as z from "zod";

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z
    .looseObject({
      cdk_nag: z
        .object({ rules_to_suppress: z.array(z.object({ id: z.string(), reason: z.string() })) })
        .optional(),
    })
    .default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  UpdatePolicy: z.record(z.string(), z.unknown()).optional(),
});

const Template = z.object({
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }),
    )
    .default({}),
});

/** One stack as CloudFormation will read it. */
export type StackTemplate = {
  readonly name: string;
  readonly region: string;
  readonly template: z.output<typeof Template>;
};

/** One resource, and where it stands. */
export type Placed = {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly stack: StackTemplate;
  readonly resource: z.output<typeof Resource>;
};

/** All stacks of an application, whose resources may refer to each other. */
export type TemplateSet = readonly StackTemplate[];

/** A rule over all resources of an application; each finding is a sentence that says where. */
export type Rule = {
  readonly name: string;
  readonly findings: (set: TemplateSet) => readonly string[];
};

/** Reads a template as it was synthesized or written by hand in a test. */
export const parseStack = (name: string, region: string, template: unknown): StackTemplate => ({
  name,
  region,
  template: Template.parse(template),
});

/** Every resource of these types, in all stacks; without types, every resource. */
export const resources = (set: TemplateSet, ...types: readonly string[]): readonly Placed[] =>
  set.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .map(([id, resource]) => ({
        id,
        type: resource.Type,
        properties: resource.Properties,
        stack,
        resource,
      }))
      .filter(({ type }) => types.length === 0 || types.includes(type)),
  );

/** A finding's sentence, with the place in front. */
export const finding = ({ stack, id }: Placed, problem: string): string =>
  `${stack.name}/${id}: ${problem}`;

/** The value under a path of keys, or undefined. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown => {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[key];
  }
  return current;
};

/** What CloudFormation writes as one or many. */
export const list = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value];

/** The resource that a `Ref`, `Fn::GetAtt` or `Fn::ImportValue` names, or undefined. */
export const target = (
  set: TemplateSet,
  stack: StackTemplate,
  value: unknown,
): Placed | undefined => {
  const id = at(value, "Ref") ?? at(value, "Fn::GetAtt", 0);
  if (typeof id === "string") {
    return resources([stack]).find((resource) => resource.id === id);
  }
  const exported = at(value, "Fn::ImportValue");
  if (typeof exported !== "string") return undefined;
  for (const producer of set) {
    for (const output of Object.values(producer.template.Outputs)) {
      if (output.Export?.Name === exported) return target(set, producer, output.Value);
    }
  }
  return undefined;
};

/** Every resource that a value refers to, however deep. */
export const targets = (
  set: TemplateSet,
  stack: StackTemplate,
  value: unknown,
): readonly Placed[] => {
  const direct = target(set, stack, value);
  if (direct !== undefined) return [direct];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((inner) => targets(set, stack, inner));
};

/** Whether two findings of `target` are the same resource. */
export const isSame = (left: Placed | undefined, right: Placed): boolean =>
  left?.id === right.id && left.stack.name === right.stack.name;
