/** What `WWW-Authenticate` asks for (RFC 9110 §11.6.1; distribution spec "token authentication"). */
export interface Challenge {
  readonly scheme: "bearer" | "basic";
  /** Values by lower-case name: realm, service, scope. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** No challenge is longer. */
const LONGEST = 8192;
const PART = /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][A-Za-z0-9_-]*)(?=\s|$|,)/g;

/** The first challenge that tsd can meet, a token before a password. Undefined if there is none. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const [, name, quoted, plain, scheme] of (header ?? "").slice(0, LONGEST).matchAll(PART)) {
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: Object.create(null) });
    const last = found.at(-1);
    if (name !== undefined && last !== undefined)
      last.parameters[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  }
  for (const scheme of ["bearer", "basic"] as const) {
    const challenge = found.find((one) => one.scheme === scheme);
    if (challenge !== undefined) return { scheme, parameters: challenge.parameters };
  }
  return undefined;
}
