/** Who made a claim, as far as the claim commit's message says. A name in a message is a hint, never a proof. */
export type Owner =
  | {
      readonly kind: 'job';
      /** Messages before 2018-12 carry no team. */
      readonly team: string | null;
      readonly pipeline: string;
      readonly instanceVars: InstanceVars | null;
      /** The query that picks the pipeline's instance, as the message has it (`vars.branch="main"`), or null. */
      readonly varsQuery: string | null;
      readonly job: string;
      /** A build's *name*: digits, or `N.M` for a rerun. */
      readonly build: string;
      readonly url: string | null;
    }
  | { readonly kind: 'one-off'; readonly build: string; readonly url: string | null }
  | { readonly kind: 'person' }
  | { readonly kind: 'unknown'; readonly url: string | null };

export type InstanceVars = { readonly [key: string]: unknown };
