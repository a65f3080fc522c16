/** A name that nothing else has. It is no secret: that would take node:crypto, which few runs load. */
export function uniqueId(): string {
  const part = () => Math.random().toString(36).slice(2);
  return `${part()}${part()}`;
}
