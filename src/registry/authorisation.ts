import type { RegistryCredentials } from "../api/image.js";
import { member, optional, parseDocument, readText } from "../contracts/json-field.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Challenge } from "./challenge.js";
import { basicHeader, type CredentialSource, findCredentials } from "./credentials.js";
import type { Reply } from "./exchange.js";
import { dishonest, refusedBy } from "./failures.js";
import { requirePlace } from "./places.js";

/** Leave to pull from one repository. */
export interface Authorisation {
  /** Value of `Authorization`. */
  readonly header: string;
  /** A second one would be the same: what is denied stays so. */
  readonly isRefused: boolean;
}

export interface Applicant {
  readonly host: string;
  readonly base: URL;
  readonly repository: string;
  readonly isInsecure: boolean;
  readonly source: CredentialSource;
  readonly get: (url: URL, headers: Readonly<Record<string, string>>) => Promise<Reply>;
}

/** Bytes of a token with what is around it. */
const TOKEN_MAX = 1 << 20;

/**
 * Meets a challenge of the registry: with a token for this repository, with credentials or without, or with the credentials
 * themselves. They go by TLS alone. Throws `permission` where there are none that may be sent.
 */
export async function authorise(challenge: Challenge, applicant: Applicant): Promise<Authorisation> {
  const { host, base, source } = applicant;
  const credentials = await findCredentials(host, source);
  if (challenge.scheme === "bearer") return await fetchToken(challenge, applicant, credentials);
  if (credentials === undefined) throw refusedBy(host, applicant.repository, 401);
  if (base.protocol !== "https:") throw unencrypted(host);
  return { header: basicHeader(credentials), isRefused: true };
}

async function fetchToken(
  { parameters }: Challenge,
  applicant: Applicant,
  credentials: RegistryCredentials | undefined,
): Promise<Authorisation> {
  const { host, base, repository, isInsecure } = applicant;
  const realm = await requirePlace(parameters.realm ?? "", base, { host, allowsPlain: isInsecure });
  if (credentials !== undefined && realm.protocol !== "https:") throw unencrypted(host);
  if (parameters.service !== undefined) realm.searchParams.set("service", parameters.service);
  realm.searchParams.set("scope", `repository:${repository}:pull`);
  const headers = credentials === undefined ? {} : { authorization: basicHeader(credentials) };
  const reply = await applicant.get(realm, headers);
  if (reply.status !== 200) {
    reply.discard();
    throw refusedBy(host, repository, reply.status);
  }
  const refuse = (fault: string) => dishonest(host, `gives no token: ${fault}`);
  const document = parseDocument(await readAll(reply, host), "its reply", refuse);
  const token = optional(member(document, "token"), readText) ?? readText(member(document, "access_token"));
  if (!/^[\x21-\x7e]+$/.test(token)) throw refuse("it is not made of printable characters");
  return { header: `Bearer ${token}`, isRefused: false };
}

async function readAll({ body }: Reply, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > TOKEN_MAX) throw dishonest(host, `sends a token of more than ${TOKEN_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unencrypted(host: string): TsdError {
  return new TsdError({
    kind: "permission",
    code: "TSD_REGISTRY_UNENCRYPTED",
    message: `registry ${host} asks for credentials without encryption, and tsd does not send them so`,
    hint: `Give the registry a certificate, or take its credentials away: docker logout ${host}.`,
    details: { host },
  });
}
