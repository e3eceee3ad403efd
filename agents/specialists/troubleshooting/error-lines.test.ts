import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missingVariable } from './error-lines.ts';

test.each([
  ['fatal: required environment variable DATABASE_URL is not set', 'DATABASE_URL'],
  ['Error: Missing required environment variable: STRIPE_KEY', 'STRIPE_KEY'],
  ["KeyError: 'REDIS_HOST'", 'REDIS_HOST'],
  ['panic: required key KAFKA_BROKERS missing value', 'KAFKA_BROKERS'],
  ['env: SESSION_SECRET is required', 'SESSION_SECRET'],
  ['/entry.sh: line 3: API_TOKEN: unbound variable', 'API_TOKEN'],
  ['/bin/sh: 1: API_TOKEN: parameter not set', 'API_TOKEN'],
  ['environment variable "SMTP_HOST" must be set', 'SMTP_HOST'],
  ['java.lang.IllegalArgumentException: Could not resolve placeholder \'PAYMENT_URL\' in value "${PAYMENT_URL}"', 'PAYMENT_URL'],
  ['ConfigError: JWT_SECRET is not defined', 'JWT_SECRET'],
  ['ENV S3_BUCKET undefined', 'S3_BUCKET'],
  ['key not found: "RAILS_MASTER_KEY" (KeyError)', 'RAILS_MASTER_KEY'],
  ['2026-03-01T11:00:00Z FATAL missing env var PG_PASSWORD', 'PG_PASSWORD'],
])('%s', (line, variable) => {
  expect(missingVariable(line)).toBe(variable);
});

test.each([
  'listening on :8080',
  'ERROR connection refused',
  'GET /ready 404 not found',
  'FATAL: password authentication failed',
  'HTTP 500 is not expected',
  'user not found',
])('%s names no variable', (line) => {
  expect(missingVariable(line)).toBeUndefined();
});

test('any text is survived', () => {
  fc.assert(fc.property(fc.string({ maxLength: 400 }), (line) => void missingVariable(line)));
});
