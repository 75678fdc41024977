import type { EndpointRecord } from "../../contracts/index.js";
import type { TsdError } from "../../errors/tsd-error.js";
import { decode, foreignRecord, orUnreadable } from "./decode.js";
import type { Scope } from "./scope.js";
import { isHexId, readEndpoint } from "./values.js";

/** Of one network: a list of more is for no eyes, and a network may have a million. */
const MOST = 10_000;

export interface ReadEndpoint extends EndpointRecord {
  /** Two hosts may have written one: it is their own to choose. */
  readonly id: string;
}

/** Endpoints in the directory of a network. */
export interface ListedEndpoints {
  readonly revision: number;
  readonly endpoints: readonly ReadEndpoint[];
  /** How many there are beside these. */
  readonly more: number;
  /** What stands there and is not tsd's. */
  readonly unreadable: readonly TsdError[];
}

/** The first of them, host after host. A record counts for the host whose place it has, and that it names. */
export async function readListed({ state, keys }: Scope, networkId: string): Promise<ListedEndpoints> {
  const prefix = keys.listed(networkId);
  const { revision, records, total } = await state.read(prefix, MOST);
  const endpoints: ReadEndpoint[] = [];
  const unreadable: TsdError[] = [];
  for (const record of records) {
    orUnreadable(unreadable, () => {
      const [host, id = ""] = record.key.slice(prefix.length).split("/");
      const endpoint = decode(state.place, record, readEndpoint);
      if (!isHexId(id) || endpoint.host !== host)
        throw foreignRecord(state.place, record.key, "its key is not that of an endpoint of that host");
      endpoints.push({ id, ...endpoint });
    });
  }
  return { revision, endpoints, more: total - records.length, unreadable };
}
