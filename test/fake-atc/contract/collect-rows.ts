// Everything that the recordings tell, by its id.
import type { Recording } from './recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: the answers are what is compared, whatever shape they have.
export type Row = Record<string, any>;

/** Ids of pipelines whose own are not told. */
const MADE_UP = 1_000_000;

export type Rows = {
  pipelines: Map<number, Row>;
  jobs: Map<number, Row>;
  resources: Map<string, Row>;
  builds: Map<number, Row>;
};

/** `recordings`: the nearest first; of each thing the first that tells about it counts. */
export function collectRows(recordings: readonly Recording[], asked: Recording): Rows {
  const rows: Rows = { pipelines: new Map(), jobs: new Map(), resources: new Map(), builds: new Map() };
  const named = new Map<number | string, Row>();
  const keep = <K>(map: Map<K, Row>, key: K, row: Row, isFromAnswer: boolean) => {
    // What did not exist yet when this question was asked would change lists and their links.
    if (!isFromAnswer && row.start_time > asked.at) return;
    const nearest = map.get(key);
    // Of a build in a list of jobs some fields are left out; of everything else all is said each time.
    const isShort = nearest !== undefined && 'status' in nearest && !('api_url' in nearest);
    if (nearest === undefined || isShort) map.set(key, { ...row, ...nearest });
  };
  // A pipeline that is only named by its jobs, resources or builds: whoever saw those has the role.
  const keepNamed = (row: Row) => {
    const { pipeline_name: name, team_name, pipeline_instance_vars: instance_vars } = row;
    const id = row.pipeline_id ?? `${team_name}/${name}`;
    named.set(id, { id, name, team_name, instance_vars, paused: false, public: false, archived: false });
  };
  const visit = (value: unknown, isFromAnswer: boolean): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, isFromAnswer);
    else if (typeof value === 'object' && value !== null) {
      const row: Row = value;
      if ('pipeline_name' in row) keepNamed(row);
      if ('public' in row) keep(rows.pipelines, row.id, row, isFromAnswer);
      else if ('status' in row) keep(rows.builds, row.id, row, isFromAnswer);
      else if ('pipeline_name' in row && 'type' in row) {
        keep(
          rows.resources,
          `${row.team_name}/${row.pipeline_id ?? row.pipeline_name}/${row.name}`,
          row,
          isFromAnswer,
        );
      } else if ('pipeline_name' in row && 'id' in row) keep(rows.jobs, row.id, row, isFromAnswer);
      for (const inner of Object.values(row)) visit(inner, isFromAnswer);
    }
  };
  for (const recording of recordings) visit(recording.body, recording === asked);
  const known = [...rows.pipelines.values()];
  for (const [id, row] of named) {
    const isKnown = known.some((each) => each.id === id || `${each.team_name}/${each.name}` === id);
    if (!isKnown) rows.pipelines.set(typeof id === 'number' ? id : MADE_UP + rows.pipelines.size, row);
  }
  return rows;
}
