const steps = 24;

/** Degrees on the colour wheel, by the id alone: what else there is does not recolour a network. */
export function networkHue(id: string): number {
  // Ids are random, so any digits do; those of a plug-in's network may not be hexadecimal.
  const number = Number.parseInt(id.slice(0, 8), 16);
  return ((Number.isNaN(number) ? 0 : number) % steps) * (360 / steps);
}
