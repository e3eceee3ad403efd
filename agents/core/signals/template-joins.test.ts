import { expect, test } from 'vitest';
import { LogTemplates } from './log-templates.ts';

function templatesOf(lines: readonly string[]): readonly string[] {
  const miner = new LogTemplates();
  for (const line of lines) miner.add(line);
  return miner
    .templates()
    .templates.map(({ text }) => text)
    .sort();
}

test('what stands before the words, a value here and a word there, is a variable', () => {
  const farms = ['north', 'south', 'meadow', 'barn7', 'orchard', 'hill-2'];
  const lines = farms.flatMap((farm, i) => [
    `10:00:0${i} ${farm} pump[${i}]: water level of basin ${i} is low`,
    `10:00:0${i} ${farm} gate[${i}]: closed by hand after ${i} days`,
    `10:01:0${i} [${i % 2 === 0 ? 'main' : `worker-${i}`}] WARN sower - row ${i} was left out`,
  ]);
  expect(templatesOf(lines)).toEqual([
    '<*> WARN sower - row <*> was left out',
    '<*> gate[<*>]: closed by hand after <*> days',
    '<*> pump[<*>]: water level of basin <*> is low',
  ]);
});

test('pairs of a label and a value that are left out now and then are no other statement', () => {
  const end = (i: number) => (i % 3 === 0 ? `, from: "field ${i}"` : '');
  const lines = Array.from({ length: 9 }, (_, i) => [
    `tractor could not be started, driver: 1${i}, farm: "n${i}"${end(i)}`,
    `tractor was out of fuel, driver: 1${i}, farm: "n${i}"${end(i)}`,
  ]).flat();
  expect(templatesOf(lines)).toEqual([
    'tractor could not be started, driver: <*>, farm: "<*>"',
    'tractor was out of fuel, driver: <*>, farm: "<*>"',
  ]);
});

test('a dash where a value is missing is no other statement', () => {
  const line = (user: string, i: number) =>
    `10.0.0.${i} - ${user} [22/Sep/2026:10:00:0${i} +0000] "GET /cart/${i} HTTP/1.1" 200 ${i}5 "-" "curl" took ${i} ms`;
  expect(templatesOf([line('-', 1), line('anna12', 2), line('-', 3)])).toHaveLength(1);
});

test('one word of two in a long sentence is a value; in a short one it is what tells statements apart', () => {
  const lines = ['wheat', 'maize'].flatMap((crop) => [`the harvest of ${crop} was brought in from all fields today`, `no ${crop} left`]);
  expect(templatesOf(lines)).toEqual(['no maize left', 'no wheat left', 'the harvest of <*> was brought in from all fields today']);
});

test('where templates are to be known again they stay as they were mined', () => {
  const miner = new LogTemplates({ lines: 100, families: 10, beginnings: 100, members: 10, joins: false });
  for (const crop of ['wheat', 'maize']) miner.add(`the harvest of ${crop} was brought in from all fields today`);
  expect(miner.templates().templates).toHaveLength(2);
});

test('what says little is left alone', () => {
  expect(templatesOf(['a: 1', 'b: 2', 'a: 1, b: 2', 'begin', 'end'])).toEqual(['a: <*>', 'a: <*>, b: <*>', 'b: <*>', 'begin', 'end']);
});

test('the words of a status, and how many values a list has, are no other statement', () => {
  const answers = ['200 OK', '404 Not Found', '503 Service Unavailable', '302 Found'];
  const lines = answers.flatMap((answer, i) => [
    `mill answered ${answer} after ${i} ms`,
    `sacks weighed by the miller today: kept=[${Array.from({ length: i }, (_, n) => n).join(', ')}]`,
  ]);
  expect(templatesOf(lines)).toHaveLength(2);
});

test('what ends a sentence after its colon was filled in where there are several such ends; two are two statements', () => {
  const ends = ['frost', 'lack of rain', 'hungry birds'];
  expect(templatesOf(ends.map((end) => `WARN the sowing was stopped early: ${end}`))).toEqual(['WARN the sowing was stopped early: <*>']);
  expect(templatesOf(ends.slice(1).map((end) => `WARN the sowing was stopped early: ${end}`))).toHaveLength(2);
  // After a name it is what the name says.
  expect(templatesOf(ends.map((end) => `10:00 WARN field.Sower: ${end}`))).toHaveLength(3);
});

test('types that end alike take turns at one place; what happened to a thing does not', () => {
  expect(templatesOf(['Mow', 'Sow', 'Reap'].map((kind, i) => `work [${kind}Job] is done in ${i} ms`))).toEqual(['work <*> is done in <*>']);
  expect(templatesOf(['opened', 'closed'].map((how) => `gate of client ${how} by hand`))).toHaveLength(2);
  expect(templatesOf(['barley', 'oats'].map((n) => `drying of cluster ${n} is over`))).toEqual(['drying of cluster <*> is over']);
});
