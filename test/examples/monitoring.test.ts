import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { metricsPushes } from '../../src/metrics/metrics.ts';
import { describeWith } from '../external-program.ts';
import { NOW, poolOf, reportOf } from '../report/make-reports.ts';

describeWith('promtool', 'prometheus', 'The alert rules', (promtool) => {
  const run = (...parameters: string[]) =>
    execFileSync(promtool, parameters, { cwd: 'examples', stdio: 'pipe' }).toString();

  test('are ones that Prometheus takes', () => {
    expect(run('check', 'rules', 'alerts.yml')).toContain('SUCCESS: 5 rules found');
  });

  test('raise what they should, and nothing else', () => {
    expect(run('test', 'rules', 'alerts-test.yml')).toContain('SUCCESS');
  });
});

test.each(['alerts.yml', 'grafana-dashboard.json'])('%s knows only metrics that are pushed', (file) => {
  const [push] = metricsPushes({
    repository: { uri: 'r', branch: 'main' },
    run: { succeeded: true, finishedAt: NOW, durationSeconds: 1, failures: { atc: 0, git: 0 } },
    report: reportOf([poolOf('aws', [])]),
    namedPools: ['aws'],
  });
  const pushed = [...(push?.body ?? '').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const used = readFileSync(`examples/${file}`, 'utf8').match(/\bpool_boy_\w+/g) ?? [];
  expect(used.length).toBeGreaterThan(0);
  expect(pushed).toEqual(expect.arrayContaining([...new Set(used)]));
});
