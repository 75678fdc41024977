import type { RegistryCredentials } from "../api/image.js";
import { isAbsent, member, optional, parseDocument, type Refuse, readText } from "../contracts/json-field.js";
import { TsdError } from "../errors/tsd-error.js";
import { readIfPresent } from "../kernel/files/read-if-present.js";

/** docker's file of credentials, and what its helpers need of the environment. */
export interface CredentialSource {
  /** Path of docker's config.json; absent: no credentials. */
  readonly path?: string;
  /** The environment of helpers, but for PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those of one registry, which its user gave. */
  readonly given?: RegistryCredentials & { readonly host: string };
}

/** The key of docker.io in docker's file. */
const DOCKER_HUB = "https://index.docker.io/v1/";

/** What a helper has at most: some ask a service of the desktop's. */
const HELPER = { timeout: 10_000, longestOutput: 65_536, longestErrors: 4096 };

/**
 * What was given for a registry, or what docker's own file (`docker login`) has for it, in docker's order: a helper of its own, the
 * store of all, the file itself. Undefined for none. Throws `invalid-input` for a file that cannot be understood.
 */
export async function findCredentials(
  host: string,
  source: CredentialSource,
): Promise<RegistryCredentials | undefined> {
  const { path, given } = source;
  if (given?.host === host) return given;
  const text = path === undefined ? undefined : readIfPresent(path);
  if (path === undefined || text === undefined) return undefined;
  const refuse: Refuse = (fault) => unreadable(path, fault);
  const file = parseDocument(text, path, refuse);
  const key = host === "docker.io" ? DOCKER_HUB : host;
  const helpers = member(file, "credHelpers");
  const own = isAbsent(helpers) ? undefined : optional(member(helpers, key), readText);
  const helper = own ?? optional(member(file, "credsStore"), readText);
  if (helper) return await askHelper(helper, key, source);
  const auths = member(file, "auths");
  if (isAbsent(auths)) return undefined;
  for (const name of [key, `https://${key}`, `https://${key}/v1/`, `https://${key}/v2/`]) {
    const entry = member(auths, name);
    if (isAbsent(entry)) continue;
    if (optional(member(entry, "identitytoken"), readText)) throw tokenOnly(path, name);
    const auth = optional(member(entry, "auth"), readText);
    if (auth) return decode(auth, () => refuse(`auths.${name}.auth is not USER:PASSWORD in base64`, name));
  }
  return undefined;
}

/** The header of RFC 7617. */
export function basicHeader({ user, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function decode(auth: string, refuse: () => Error): RegistryCredentials {
  const text = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = text.indexOf(":");
  if (colon <= 0) throw refuse();
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** docker-credential-helpers: the registry on standard input, `{"Username": …, "Secret": …}` on standard output. */
async function askHelper(
  helper: string,
  key: string,
  { environment }: CredentialSource,
): Promise<RegistryCredentials | undefined> {
  const file = `docker-credential-${helper}`;
  const refuse: Refuse = (fault) => helperFailed(file, fault);
  if (!/^[\w.-]+$/.test(helper)) throw refuse("its name is not made of letters, digits and . _ -", "");
  const { runBounded } = await import("../kernel/programs/bounded-program.js");
  const end = await runBounded({ ...HELPER, file, args: ["get"], env: environment, input: key });
  if (end.exceeded !== undefined) throw refuse(`it exceeded its bound of ${end.exceeded}`, "");
  if (end.code !== 0 && /credentials not found/i.test(end.stdout + end.stderr)) return undefined;
  if (end.code !== 0) throw refuse((end.stdout || end.stderr).trim().split("\n")[0] || `exit code ${end.code}`, "");
  const reply = parseDocument(end.stdout, "its output", refuse);
  const user = readText(member(reply, "Username"));
  if (user === "<token>") throw tokenOnly(file, key);
  return { user, password: readText(member(reply, "Secret")) };
}

function unreadable(path: string, fault: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_REGISTRY_CREDENTIALS_INVALID",
    message: `docker's credentials cannot be read: ${fault}`,
    hint: `Correct ${path}, or log in again with docker login.`,
    details: { path },
  });
}

function helperFailed(program: string, why: string): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_REGISTRY_CREDENTIAL_HELPER",
    message: `the credential helper ${program} failed: ${why}`,
    hint: "Repair it, or take it out of docker's config.json.",
    details: { program },
  });
}

function tokenOnly(where: string, host: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_REGISTRY_IDENTITY_TOKEN",
    message: `${where} has an identity token for ${host}, and tsd logs in with a user and a password alone`,
    hint: "Log in with an access token as password: docker login --username USER.",
    details: { host },
  });
}
