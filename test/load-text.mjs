// Jest's transformer for what lies in assets/: a module whose default export is the file's text, as in the bundles.
// Jest takes a file for an ES module by its ending.
export default {
  process: (source, _path, { supportsStaticESM }) => ({
    code: `${supportsStaticESM ? 'export default' : 'module.exports ='} ${JSON.stringify(source)};`,
  }),
};
