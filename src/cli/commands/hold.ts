import { parseDuration } from '../../core/duration.ts';
import { LONGEST_HOLD } from '../../core/hold.ts';
import { onOneLine } from '../../core/text.ts';
import { isoTime } from '../../core/time.ts';
import { type ExitStatus, UsageError } from '../../runtime/exit-status.ts';
import { claimLock, holdLock, unholdLock } from '../../sweep/release/hold-lock.ts';
import type { Cli } from '../command.ts';
import { openShown } from '../open-session.ts';
import { readLockReference, readText } from '../settings/option-values.ts';
import { oneLine } from '../terminal/lock-table.ts';

/** `pool-boy hold`: keeps one claim from being released for a while, whatever its build does. */
export async function hold(cli: Cli): Promise<ExitStatus> {
  const reference = readLockReference(cli.args[0] ?? '');
  const until = readUntil(cli);
  if (until === null) throw new UsageError('--for is missing: say for how long, such as 2d.');
  const order = { until, reason: readReason(cli) };
  const { commit, before } = await holdLock(await openShown(cli), reference, order);
  const replaced =
    before === null ? '' : ` It replaces the hold of ${oneLine(before.by)} until ${isoTime(before.until)}.`;
  cli.terminal.print(
    `Held ${oneLine(reference.path)} until ${isoTime(until)} (commit ${commit.slice(0, 10)}).${replaced}`,
  );
  return 0;
}

/** `pool-boy unhold`: ends the hold on a lock's claim. */
export async function unhold(cli: Cli): Promise<ExitStatus> {
  const reference = readLockReference(cli.args[0] ?? '');
  const reason = readText(cli.options.reason) ?? 'The hold is no longer needed.';
  const { commit, before } = await unholdLock(await openShown(cli), reference, onOneLine(reason));
  const whose = before === null ? '' : ` of ${oneLine(before.by)} until ${isoTime(before.until)}`;
  cli.terminal.print(`Ended the hold${whose} on ${oneLine(reference.path)} (commit ${commit.slice(0, 10)}).`);
  return 0;
}

/** `pool-boy claim`: takes a free lock by hand. `release` gives it back. */
export async function claim(cli: Cli): Promise<ExitStatus> {
  const reference = readLockReference(cli.args[0] ?? '');
  const until = readUntil(cli);
  const commit = await claimLock(await openShown(cli), reference, { until, reason: readReason(cli) });
  const held = until === null ? '' : `, held until ${isoTime(until)}`;
  cli.terminal.print(
    `Claimed ${oneLine(reference.path)}${held} (commit ${commit}). Give it back with: pool-boy release ${oneLine(reference.path)}@${commit}`,
  );
  return 0;
}

/** Unix seconds; null where no time was given. */
function readUntil({ options, tools }: Cli): number | null {
  if (options.for === undefined) return null;
  const text = readText(options.for) ?? '';
  const span = /^\d+$/.test(text) ? null : parseDuration(text);
  if (span === null || span === 0)
    throw new UsageError(
      `--for: expected a duration such as 8h or 2d, got ${JSON.stringify(text.slice(0, 60))}.`,
    );
  if (span > LONGEST_HOLD)
    throw new UsageError('--for: a hold lasts 90 days at most; hold the lock again when they are over.');
  return Math.floor(tools.clock()) + span;
}

/** Whoever wants the lock must know why it is taken. */
function readReason({ options }: Cli): string {
  const reason = onOneLine(readText(options.reason) ?? '').trim();
  if (reason === '') throw new UsageError('--reason is missing: say why, for those who want the lock.');
  return reason;
}
