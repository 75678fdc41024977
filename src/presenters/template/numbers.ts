/** A number as Go's `%v` has it: exponents below 1e-4, and from 1e21 on. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return generalText(value, { least: 1e-4, limit: 1e21 });
}

/** `%g`: the shortest text, or so many digits, with an exponent where the number is very small or large. */
export function generalText(
  value: number,
  { least = 1e-4, limit, precision }: { readonly least?: number; readonly limit: number; readonly precision?: number },
): string {
  const rounded = precision === undefined ? value : Number(value.toPrecision(precision));
  const size = Math.abs(rounded);
  if (size === 0) return "0";
  if (size >= least && size < limit) return plainDigits(rounded);
  return exponentText(rounded.toExponential());
}

/** `1.5e+4` of JavaScript as `1.5e+04` of Go. */
export function exponentText(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** Without an exponent, which JavaScript writes below 1e-6. */
function plainDigits(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/0+$/, "") : text;
}

/** `%f`. Half goes to the even digit, where JavaScript's goes up. */
export function fixedText(size: number, digits: number): string {
  if (size >= 1e21) return `${BigInt(size)}${digits > 0 ? `.${"0".repeat(digits)}` : ""}`;
  const text = size.toFixed(digits);
  const exact = size.toFixed(100);
  const point = exact.indexOf(".");
  const kept = exact.slice(0, digits === 0 ? point : point + 1 + digits);
  const isHalf = /^\.?50*$/.test(exact.slice(kept.length));
  return isHalf && /[02468]$/.test(kept) ? kept : text;
}
