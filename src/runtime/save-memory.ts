/**
 * Makes V8 look for garbage more often from now on: it takes its time as long as there is memory, which a container
 * shares with others. For runs with much to remember only, since Node's own code has to be compiled again behind it,
 * which a short run would feel.
 */
export async function saveMemory(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
}
