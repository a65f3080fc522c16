import type { Ci, Pipeline } from '../types.ts';
import type { Access } from './access.ts';
import type { Answer } from './answer.ts';

/** One call, as the answers see it. */
export type Ask = {
  ci: Ci;
  externalUrl: string;
  access: Access;
  query: URLSearchParams;
  params: Readonly<Record<string, string>>;
};

export type PipelineAsk = Ask & { pipeline: Pipeline };

export type Handler = (ask: Ask) => Answer;
