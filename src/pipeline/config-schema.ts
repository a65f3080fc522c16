// What we read of a pipeline's configuration. It is other people's, and may be a template: what does not fit is no
// error, it is not known.
import * as z from 'zod/mini';

/** YAML writes a name as a number or a boolean where it looks like one. */
const text = z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String));

function orNull<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.nullish(schema), null);
}

export type ObjectValue = { readonly [key: string]: unknown };

/** Of the source of a type only what tells its kind; of a pool's only what names the pool. */
const typeSource = orNull(z.object({ repository: orNull(text) }));
const poolSource = orNull(z.object({ uri: orNull(text), branch: orNull(text), pool: orNull(text) }));

export const resourceTypeEntry = z.object({
  name: text,
  type: orNull(text),
  source: typeSource,
  defaults: poolSource,
});
export type ResourceTypeEntry = z.infer<typeof resourceTypeEntry>;

export const resourceEntry = z.object({ name: text, type: orNull(text), source: poolSource });
export type ResourceEntry = z.infer<typeof resourceEntry>;

export const jobEntry = z.looseObject({
  name: text,
  plan: z.unknown(),
  serial: orNull(z.boolean()),
  serial_groups: orNull(z.array(text)),
});
export type JobEntry = z.infer<typeof jobEntry>;

const listOrNull = orNull(z.array(z.unknown()));

export const configShape = z.object({
  jobs: z.array(z.unknown()),
  resources: listOrNull,
  resource_types: listOrNull,
});

/** A value as text where it is one, else null. */
export function textOf(value: unknown): string | null {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? String(value) : null;
}

/** Every step of a plan comes by here, so no schema is asked. */
export function objectOf(value: unknown): ObjectValue | null {
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/** The entries that fit; the others are templates. */
export function entriesOf<T>(schema: z.ZodMiniType<T>, list: readonly unknown[] | null | undefined): T[] {
  return (list ?? []).flatMap((one) => {
    const read = schema.safeParse(one);
    return read.success ? [read.data] : [];
  });
}
