import { readFileSync, writeFileSync } from 'node:fs';

// Not maxRSS of resourceUsage(): Linux lets a process begin with that of the one that started it.
process.on('exit', () => {
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  writeFileSync(process.env.MEMORY_REPORT_FILE ?? '', peak ?? 'unknown');
});
