import { expect, test } from 'vitest';
import { cellAt, heatGrid, heatOf, placeOfCell, stepFrom } from './heat.ts';

test('few cells are large and many small; all of them have a place of their own', () => {
  expect(heatGrid(8, 900, 400)).toMatchObject({ wide: 148, high: 52 });
  const many = heatGrid(1_000, 900, 400);
  expect(many.height).toBeLessThanOrEqual(400);
  const places = new Set(Array.from({ length: 1_000 }, (_, i) => JSON.stringify(placeOfCell(i, many))));
  expect(places.size).toBe(1_000);
  // What does not fit at its smallest goes on below.
  expect(heatGrid(20_000, 900, 400).height).toBeGreaterThan(400);
});

test('a cell is found where it was put, and nothing between cells', () => {
  const grid = heatGrid(30, 700, 300);
  for (let i = 0; i < 30; i++) {
    const { x, y } = placeOfCell(i, grid);
    expect(cellAt(x + 1, y + 1, 30, grid)).toBe(i);
    expect(cellAt(x + grid.wide + 2, y + 1, 30, grid)).toBeUndefined();
  }
  const { x, y } = placeOfCell(30, grid);
  expect(cellAt(x + 1, y + 1, 30, grid)).toBeUndefined();
});

test('arrows go by rows and columns and stay at the edge', () => {
  expect(['ArrowRight', 'ArrowDown', 'End', 'ArrowUp', 'x'].map((key) => stepFrom(0, key, 10, 4))).toEqual([1, 4, 9, 0, undefined]);
});

test('how full has five words', () => {
  expect([0.1, 0.7, 0.9, 1.2, undefined].map(heatOf)).toEqual(['well', 'warm', 'degraded', 'broken', 'unknown']);
});
