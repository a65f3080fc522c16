import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { Failure } from '../../core/failure.ts';

export type KeyValues = { readonly [key: string]: unknown };

/**
 * Reads a `source:` block, or a resource that has one, from YAML (JSON is YAML). Strings may hold `${NAME}` for
 * environment variables, so that secrets need not be in the file; `$${` is a plain `${`.
 */
export function readSourceFile(path: string, environment: NodeJS.ProcessEnv): KeyValues {
  const value = parseYaml(readText(path, '--source'), path);
  if (!isObject(value))
    throw new Failure(`${path} has no source; expected a source block, or a resource with one.`);
  if ('resources' in value)
    throw new Failure(
      `${path} is a whole pipeline; expected the source of one resource, or the resource itself.`,
    );
  const source = 'source' in value ? value.source : value;
  if (!isObject(source))
    throw new Failure(`The source in ${path} is not an object; expected keys such as uri and pools.`);
  const problems: string[] = [];
  const filled = fillIn(source, 'source', environment, problems);
  if (problems.length > 0) throw new Failure(problems.map((problem) => `${path}: ${problem}`));
  return isObject(filled) ? filled : {};
}

/** `what` names the option, for the sentence about a file that cannot be read. */
export function readText(path: string, what: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const why = typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
    throw new Failure(`${what}: ${path} cannot be read (${why}).`, { cause: error });
  }
}

/** Says where it stopped, but not what stands there: that may be a secret. */
export function parseYaml(text: string, path: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what = error.code.toLowerCase().replaceAll('_', ' ');
    throw new Failure(`${path} is not valid YAML at line ${line}, column ${col} (${what}).`);
  }
  try {
    return document.toJS({ maxAliasCount: 1_000 });
  } catch {
    throw new Failure(
      `${path} is not valid YAML: an alias names no anchor, or there are far too many of them.`,
    );
  }
}

function fillIn(value: unknown, path: string, environment: NodeJS.ProcessEnv, problems: string[]): unknown {
  if (typeof value === 'string') return fillInText(value, path, environment, problems);
  if (Array.isArray(value)) return value.map((one, i) => fillIn(one, `${path}[${i}]`, environment, problems));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [
      key,
      fillIn(below, `${path}.${key}`, environment, problems),
    ]),
  );
}

function fillInText(text: string, path: string, environment: NodeJS.ProcessEnv, problems: string[]): string {
  const placeholder = /\(\([^()\s]+\)\)/.exec(text)?.[0];
  if (placeholder !== undefined) {
    problems.push(
      `${path} holds ${placeholder}, which only Concourse can fill in; write \${NAME} and set the environment variable NAME.`,
    );
  }
  return text.replace(/\$?\$\{([^}]*)\}/g, (all, name: string) => {
    if (all.startsWith('$$')) return all.slice(1);
    const found = environment[name];
    if (found === undefined)
      problems.push(`${path} needs the environment variable ${name}, which is not set.`);
    return found ?? '';
  });
}

export function isObject(value: unknown): value is KeyValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
