export type Rule =
  | 'no-release'
  | 'not-in-ensure'
  | 'hook-gaps'
  | 'handed-on-untended'
  | 'lock-order'
  | 'self-wait'
  | 'no-timeout';

/** One way in which a configuration can leave a lock claimed, or a build waiting for one. */
export interface Finding {
  readonly rule: Rule;
  readonly team: string | null;
  readonly pipeline: string;
  readonly job: string;
  /** The path of the step in its job: `plan[0].do[1]`. */
  readonly step: string;
  readonly resource: string;
  /** One sentence. */
  readonly message: string;
  /** YAML: the job, or the step, as it should be. Steps that stay as they are have only their names. */
  readonly fix: string;
  /** The jobs whose claims stay behind because of it: those that `history` calls leaking. */
  readonly claimedBy: readonly string[];
}
