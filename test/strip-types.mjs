// Jest's transformer: Node's own type stripping, so that tests run the same text that `node` would run.
import { stripTypeScriptTypes } from 'node:module';

// Jest has no modules of type text: load-text.mjs makes usual ones of them, which need no attribute.
const TEXT_ATTRIBUTE = /(?<=^import .*) with \{ type: 'text' \}(?=;$)/gm;

export default {
  process: (source) => ({
    code: stripTypeScriptTypes(source, { mode: 'strip' }).replace(TEXT_ATTRIBUTE, ''),
  }),
};
