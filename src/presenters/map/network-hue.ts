const steps = 24;

/** All that there are, in degrees. */
export const hues: readonly number[] = Array.from({ length: steps }, (_, index) => index * (360 / steps));

/** Degrees on the colour wheel, by the id alone: what else there is does not recolour a network. */
export function networkHue(id: string): number {
  // Ids are random, so any digits do; those of a plug-in's network may not be hexadecimal.
  const number = Number.parseInt(id.slice(0, 8), 16);
  return hues[(Number.isNaN(number) ? 0 : number) % steps] ?? 0;
}
