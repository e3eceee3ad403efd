export function Around({ of }: { of: string }) {
  return <p>{of}</p>;
}
