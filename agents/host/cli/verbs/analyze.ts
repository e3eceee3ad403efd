import type { Verb } from '../verb.ts';

export const ANALYZE: Verb = {
  name: 'analyze',
  summary: 'Anomalies and forecasts of an exported series, templates of a log',
  args: '<what> <file>',
  flags: [
    ['--limit <n>', 'forecast: the value that must not be reached'],
    ['--horizon <length>', 'forecast: how far to look: 30m, 2h, 1d', '2h'],
  ],
  examples: [
    'quarterdeck analyze anomalies cpu.csv',
    'cat cpu.csv | quarterdeck analyze anomalies -',
    'quarterdeck analyze forecast memory.csv --limit 536870912 --horizon 2h',
    'quarterdeck analyze logs checkout.log',
  ],
  more:
    'anomalies reads rows of timestamp,value (ISO 8601 or epoch in s or ms; a heading may name the columns; commas, semicolons, tabs or spaces),\n' +
    'values alone (a minute apart), lines of JSON, a JSON document as Prometheus and others answer, or samples of OpenMetrics with their times,\n' +
    'and prints a JSON line a point, as it comes: {at, value, low, high, score, trait}. low to high is where the value was expected; a score of 0.5 deserves an alert. Rows that\n' +
    'cannot be read are said on stderr with their line, and left out. forecast reads the same and prints one object {exhaustsAt, earliest,\n' +
    'latest, confidence, because}; exhaustsAt is null where the limit is not reached within the horizon. logs prints {template} for each line, then each template\n' +
    'as {id, text, count}; lines of a stack trace belong to the line before them. On a terminal, and with -o wide, the answer is\n' +
    'said in words and a table instead. No cluster and no running app is needed.',
  load: () => import('../analyze.ts'),
};
