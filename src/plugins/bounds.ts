/** How long third-party code may take, and how an error names it. */
export interface Bounds {
  /** The subject of the error's sentence: `plug-in "acme", verb network, driver "ptp",`. */
  readonly what: string;
  readonly milliseconds: number;
}
