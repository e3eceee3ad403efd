/** Whether a text holds all the words somebody typed, upper and lower case alike; without any, every text does. */
export function holdsWords(typed: string | undefined): (text: string) => boolean {
  const words = (typed ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
