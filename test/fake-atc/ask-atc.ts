import type { Atc } from './start-atc.ts';

/** Whatever shape it has: each test says what it wants. */
type Json = ReturnType<typeof JSON.parse>;

export type Reply = { status: number; headers: Headers; text: string; body: Json };

/** Asks as a careless client would, for the stand-in's own tests; `path` is what follows /api/v1/. */
export async function askAtc(atc: Atc, path: string, token?: string): Promise<Reply> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${atc.url}/api/v1/${path}`, { headers, redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text && parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
