/** What stands under each help text: commands to copy. */
export const EXAMPLES = {
  program: `
Options override environment variables (in parentheses), which override the --source file.

Examples:
  $ pool-boy --repo git@git.example.com:ci/locks.git --pools aws:60,vsphere:30 status
  $ CONCOURSE_PASSWORD=... pool-boy --source pool-boy.yml --concourse-username pool-boy clean --dry-run
  $ pool-boy --source pool-boy.yml --target ci explain aws/env-1`,
  status: `
Examples:
  $ pool-boy --source pool-boy.yml status
  $ pool-boy --source pool-boy.yml status --output json | jq '.pools[].locks[] | select(.verdict == "stale")'
  $ pool-boy --source pool-boy.yml status --exit-code || notify`,
  clean: `
At a terminal it shows the plan and asks; without one (in a pipeline) it acts.

Examples:
  $ pool-boy --source pool-boy.yml clean --dry-run
  $ pool-boy --source pool-boy.yml clean --limit 5 --yes`,
  release: `
A lock's name is bound to the claim that is shown: whoever claims it in the meantime keeps it.

Examples:
  $ pool-boy --source pool-boy.yml release aws/env-1 --reason "worker 7 burned down"
  $ pool-boy --source pool-boy.yml release aws/env-1@5f0c0a0d6c1c3b2f1e1a4f7f0b8f0f9b1d2c3e4f
  $ pool-boy --source pool-boy.yml release --team main --claimed-before 2026-11-25T14:00Z --dry-run`,
  hold: `
A hold is a commit that changes no file, by the person that git knows here. It is for the claim that the lock has now, and
not for the next one.

Examples:
  $ pool-boy --source pool-boy.yml hold aws/env-1 --for 2d --reason "the database looks odd"`,
  unhold: `
Examples:
  $ pool-boy --source pool-boy.yml unhold aws/env-1`,
  claim: `
Give it back with: pool-boy release POOL/LOCK

Examples:
  $ pool-boy --source pool-boy.yml claim aws/env-4 --for 4h --reason "trying the new kernel"`,
  explain: `
Examples:
  $ pool-boy --source pool-boy.yml explain aws/env-1
  $ pool-boy --source pool-boy.yml explain aws/env-1 --limit 100`,
  history: `
Examples:
  $ pool-boy --repo git@git.example.com:ci/locks.git history
  $ pool-boy --source pool-boy.yml history --since 90d --output json | jq '.pools[].stale_after'`,
  doctor: `
It ends with status 1 when something is wrong; warnings do not count.

Examples:
  $ pool-boy --source pool-boy.yml doctor`,
  lint: `
A finding is a way in which a build can end and leave its lock claimed, or wait for a lock forever. It shows the job
or step as it should be; a step that stays as it is has only its name there.

Examples:
  $ pool-boy lint ci/pipeline.yml
  $ pool-boy lint --exit-code --output json ci/*.yml
  $ pool-boy --source pool-boy.yml --target ci lint`,
} as const;
