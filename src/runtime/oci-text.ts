/** `RLIM_INFINITY` of <sys/resource.h>, which no number of JavaScript's is. */
const INFINITY = "18446744073709551615";

/**
 * A configuration as JSON, with limits of −1 as the unsigned number that runtimes read as none. A quote within a string is
 * preceded by a backslash, so that only fields match.
 */
export function ociText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(soft|hard)":-1(?=[,}])/g, `"$1":${INFINITY}`);
}

/** Undoes {@link ociText}. Throws a SyntaxError. */
export function parseOciText(text: string): unknown {
  return JSON.parse(text.replaceAll(new RegExp(`"(soft|hard)":${INFINITY}(?=[,}])`, "g"), '"$1":-1'));
}
