// Files in assets/ are imported as text (`with { type: 'text' }`): esbuild puts them into the bundles.
declare module '*/assets/known_hosts' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: a module of type text has no other export.
  export default text;
}
declare module '*/assets/report.css' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: a module of type text has no other export.
  export default text;
}
declare module '*/assets/report.js' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: a module of type text has no other export.
  export default text;
}
