export function Switch({ words, on, set }: { words: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label className="my-2 flex min-h-6 items-center gap-2">
      <input type="checkbox" checked={on} onChange={(e) => set(e.target.checked)} />
      {words}
    </label>
  );
}
