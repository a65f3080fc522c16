// Jest's transformer: Node's own type stripping, so that tests run the same text that `node` would run.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
