/** What the API writes as text, for the eye. */
export const numberOf = (text: string | null): number | null =>
  text === null ? null : Number(text);
