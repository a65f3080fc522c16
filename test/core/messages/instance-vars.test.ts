import { expect, test } from '@jest/globals';
import {
  instanceVarsOfQuery,
  parseVarsObject,
  queryOfInstanceVars,
} from '../../../src/core/messages/instance-vars.ts';

test.each<[string, unknown]>([
  ['', null],
  ['x=1', null],
  ['vars.branch=%22main%22', { branch: 'main' }],
  [
    'vars.branch=%22a+b%2Fc%22&vars.n=1&vars.on=true&vars.none=null',
    { branch: 'a b/c', n: 1, on: true, none: null },
  ],
  ['vars.a.b=1&vars.a.c=%5B2%5D', { a: { b: 1, c: [2] } }],
  ['vars.%22a.b%22=1', { 'a.b': 1 }],
  ['vars.a.%22b.c%22.d=1', { a: { 'b.c': { d: 1 } } }],
  ['vars=%7B%22a%22%3A1%7D', { a: 1 }],
  ['vars=%7B%22a%22%3A1%7D&vars.b=2', { a: 1, b: 2 }],
  ['vars=1', null],
  ['vars.branch=main', null],
  ['vars.=1', null],
  ['vars.a=1&vars.a.b=2', null],
])('the query %j names the vars %j', (query, vars) => {
  expect(instanceVarsOfQuery(query)).toEqual(vars);
});

test('a query cannot reach a prototype', () => {
  const vars = instanceVarsOfQuery('vars.__proto__.polluted=1&vars.a.__proto__.polluted=1');
  expect(JSON.stringify(vars)).toBe('{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}');
  expect('polluted' in {}).toBe(false);
});

test('the query for an instance is its JSON, as it was written', () => {
  expect(queryOfInstanceVars('{"id":12345678901234567890}')).toBe(
    'vars=%7B%22id%22%3A12345678901234567890%7D',
  );
});

test.each<[string, unknown]>([
  ['{"a":1}', { a: 1 }],
  ['{}', {}],
  ['[1]', null],
  ['null', null],
  ['"a"', null],
  ['{', null],
])('the JSON %s is the vars %j', (json, vars) => {
  expect(parseVarsObject(json)).toEqual(vars);
});
