// Jest's transformer for what lies in assets/: a module whose default export is the file's text, as in the bundles.
export default {
  process: (source) => ({ code: `module.exports = ${JSON.stringify(source)};` }),
};
