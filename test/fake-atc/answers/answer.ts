export type Answer = { status: number; headers: Record<string, string | string[]>; body: string };

export function json(body: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}

export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function empty(status: number): Answer {
  return { status, headers: {}, body: '' };
}

/** Handlers that name the type before they look for the thing leave it on the empty answer as well. */
export function emptyJson(status: number): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: '' };
}

export function moved(status: number, location: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', location },
    body: `<a href="${location}">${status === 301 ? 'Moved Permanently' : 'Temporary Redirect'}</a>.\n\n`,
  };
}
