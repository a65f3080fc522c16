// What of an answer is compared: all of it, but for what is of that one moment or means nothing to a reader.

export type Answered = { status: number; headers: Readonly<Record<string, string>>; body: unknown };

const HEADERS = ['content-type', 'date', 'link', 'location', 'www-authenticate', 'x-concourse-version'];

/** Ids that steps of a plan have, tokens, and keys of the metadata that the stand-in makes up. */
const VOLATILE = new Set(['access_token', 'id_token', 'feature_flags']);

/** `recorded`: the headers of the real answer. Of several links only the last was written down. */
export function normalise({ status, headers, body }: Answered, recorded: Answered['headers']): unknown {
  const named = Object.entries(headers).map(([given, value]) => {
    const name = given.toLowerCase();
    const isLink =
      name === 'link' && recorded.Link !== undefined && value.split(', ').includes(recorded.Link);
    return [name, isLink ? recorded.Link : value] as const;
  });
  return {
    status,
    headers: Object.fromEntries(named.filter(([name]) => HEADERS.includes(name))),
    body: normaliseBody(body),
  };
}

/** Of a page of the web UI only that it is one. */
function normaliseBody(body: unknown): unknown {
  if (typeof body === 'string' && body.startsWith('<!DOCTYPE html>')) return 'a page';
  return blot(body);
}

function blot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blot);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'plan' && 'status' in value) return [key, 'the plan of a check'];
      return [key, VOLATILE.has(key) ? typeof inner : blot(inner)];
    }),
  );
}
