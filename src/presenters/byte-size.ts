const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes in decimal units with three digits, as docker writes sizes: `7.05MB`. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))}${units[unit]}`;
}
