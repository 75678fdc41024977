import { eventSchema } from "./event-schema.js";
import { lifeSchema } from "./life-schema.js";
import { peerSchema } from "./peer-schema.js";
import { logEntry, NOW, type RowTableSchema, updateTrigger } from "./row-schema.js";
import { volumeSchema } from "./volume-schema.js";

/**
 * The tables of the state database. A row's value is kept whole as JSON in `value`; the other columns are what queries
 * look for.
 */

/** How many entries the change log keeps. */
const CHANGES_KEPT = 10_000;

const rowTables: readonly RowTableSchema[] = [
  {
    table: "networks",
    kind: "network",
    columns: "name TEXT NOT NULL UNIQUE",
    name: (row) => `${row}.name`,
    watched: ["state"],
  },
  {
    table: "containers",
    kind: "container",
    columns: "name TEXT NOT NULL UNIQUE, status TEXT NOT NULL",
    name: (row) => `${row}.name`,
    watched: ["state", "status"],
  },
  {
    table: "endpoints",
    kind: "endpoint",
    columns: "network_id TEXT NOT NULL, container_id TEXT",
    name: () => "NULL",
    watched: ["state"],
  },
];

function rowTable(schema: RowTableSchema): string {
  const { table, columns, watched } = schema;
  return `
    CREATE TABLE ${table} (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      kinds TEXT NOT NULL,
      ${columns},
      value TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ${table}_unfinished ON ${table} (state) WHERE state IN ('creating', 'deleting');
    CREATE INDEX ${table}_kinds ON ${table} (kinds);
    CREATE TRIGGER ${table}_inserted AFTER INSERT ON ${table} BEGIN ${logEntry(schema, "new", "new.state")} END;
    ${updateTrigger(schema, watched)}
    CREATE TRIGGER ${table}_deleted AFTER DELETE ON ${table} BEGIN ${logEntry(schema, "old", "'deleted'")} END;
  `;
}

const version1 = (): string => `
  CREATE TABLE schema_history (version INTEGER PRIMARY KEY, tsd TEXT NOT NULL, time TEXT NOT NULL) STRICT;

  CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    kind TEXT NOT NULL,
    row_id TEXT NOT NULL,
    name TEXT,
    what TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER changes_bounded AFTER INSERT ON changes BEGIN
    DELETE FROM changes WHERE id <= new.id - ${CHANGES_KEPT};
  END;

  ${rowTables.map(rowTable).join("")}
  CREATE INDEX endpoints_network ON endpoints (network_id);
  CREATE INDEX endpoints_container ON endpoints (container_id) WHERE container_id IS NOT NULL;
  CREATE INDEX containers_active ON containers (status) WHERE status IN ('starting', 'running', 'stopping');

  CREATE TABLE port_claims (
    protocol TEXT NOT NULL,
    host_address TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    endpoint_id TEXT NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
    PRIMARY KEY (protocol, host_address, first)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX port_claims_endpoint ON port_claims (endpoint_id);

  CREATE TABLE images (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;
  CREATE TABLE image_names (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    image_id TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX image_names_image ON image_names (image_id);
  CREATE TRIGGER images_inserted AFTER INSERT ON images BEGIN
    INSERT INTO changes (time, kind, row_id, what) VALUES (${NOW}, 'image', new.id, 'added');
  END;
  CREATE TRIGGER images_deleted AFTER DELETE ON images BEGIN
    INSERT INTO changes (time, kind, row_id, what) VALUES (${NOW}, 'image', old.id, 'deleted');
  END;

  CREATE TABLE pools (
    id INTEGER PRIMARY KEY,
    network_id TEXT NOT NULL,
    cidr TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    next TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 0,
    UNIQUE (network_id, cidr)
  ) STRICT;
  CREATE TABLE leases (
    pool INTEGER NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    holder TEXT,
    returned INTEGER,
    PRIMARY KEY (pool, address),
    CHECK ((holder IS NULL) <> (returned IS NULL))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX leases_holder ON leases (holder) WHERE holder IS NOT NULL;
  CREATE INDEX leases_returned ON leases (pool, returned) WHERE returned IS NOT NULL;
`;

const version2 = (): string => `
  ALTER TABLE endpoints ADD COLUMN netns TEXT NOT NULL DEFAULT '';
  ALTER TABLE endpoints ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE endpoints ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';
  UPDATE endpoints SET
    netns = value ->> '$.endpoint.netns',
    addresses = value -> '$.endpoint.addresses',
    aliases = coalesce(value -> '$.endpoint.aliases', '[]');
  UPDATE containers SET value = json_remove(
    json_set(value, '$.container.spec.networks',
      json_array(json_object('network', value ->> '$.container.spec.network'))),
    '$.container.spec.network')
    WHERE value ->> '$.container.spec.network' IS NOT NULL;
  CREATE INDEX endpoints_netns ON endpoints (netns);
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${rowTables
    .map(
      ({ table }) => `
    DROP INDEX ${table}_unfinished;
    CREATE INDEX ${table}_unfinished ON ${table} (state) WHERE state IN ('creating', 'changing', 'deleting');`,
    )
    .join("")}
  DROP TRIGGER containers_updated;
  ${rowTables
    .filter(({ table }) => table === "containers")
    // That a container runs says more than that its row is ready.
    .map((schema) => updateTrigger(schema, ["status", "state"]))
    .join("")}
`;

const version3 = (): string => `
  CREATE INDEX endpoints_foreign ON endpoints (value ->> '$.owner.bootId') WHERE container_id IS NULL;
  DROP INDEX endpoints_network;
  -- All of a summary: in the table it lies behind the value, megabytes of it where many ports are published.
  CREATE INDEX endpoints_network ON endpoints (network_id, seq, id, state, container_id, addresses, aliases);
`;

/**
 * `route_localnet` of a bridge became a resource of its own, which is guarded. For an adopted bridge no row states whether
 * it had a queueing discipline for filters, so that stays.
 */
const version4 = (): string => `
  UPDATE networks SET
    value = json_set(value, '$.resources', (
      SELECT json_group_array(json(
        CASE WHEN resource.value ->> '$.key' LIKE 'net/ipv4/conf/%/route_localnet'
          THEN json_patch(
            json_object('kind', 'localnet', 'link', substr(resource.value ->> '$.key', 15, length(resource.value ->> '$.key') - 29)),
            CASE WHEN resource.value ->> '$.restore' IS NULL
              THEN '{}' ELSE json_object('foreignPorts', json('true'), 'restore', resource.value ->> '$.restore', 'keepsQdisc', json('true')) END)
          ELSE resource.value END) ORDER BY resource.key)
      FROM json_each(networks.value, '$.resources') AS resource)),
    kinds = kinds || 'localnet '
    WHERE value LIKE '%/route_localnet"%';
`;

/**
 * A container's row has values beside its user's words. Rows without values stay as they are; a tsd that would change words
 * and leave old values beside them must not open the database.
 */
const version5 = (): string => "";

/** What IPAM drivers may hold although no row says so. */
const version6 = (): string =>
  "CREATE TABLE debts (seq INTEGER PRIMARY KEY, holder TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;";

/**
 * What costs little to read of very many rows has a column of its own, and so has what a row lists on the host, by its place.
 */
const version7 = (): string => `
  ALTER TABLE containers ADD COLUMN outline TEXT;
  ALTER TABLE containers ADD COLUMN asks TEXT;
  UPDATE containers SET asks = nullif((
    SELECT json_group_array(asked.value ->> '$.network') FROM json_each(containers.value, '$.container.spec.networks') AS asked
      WHERE coalesce(asked.value ->> '$.address', asked.value ->> '$.address6') IS NOT NULL), '[]');
  CREATE INDEX containers_asking ON containers (seq) WHERE asks IS NOT NULL;
  CREATE INDEX containers_sandbox ON containers (value ->> '$.container.sandbox.id')
    WHERE status IN ('starting', 'running', 'stopping');
  CREATE INDEX containers_maker ON containers (value ->> '$.container.sandbox.maker')
    WHERE status IN ('starting', 'running', 'stopping');

  DROP INDEX endpoints_container;
  -- All of a summary, as in endpoints_network.
  CREATE INDEX endpoints_container ON endpoints (container_id, seq, id, state, network_id, addresses, aliases)
    WHERE container_id IS NOT NULL;

  CREATE TABLE places (place TEXT NOT NULL, row_id TEXT NOT NULL, value TEXT NOT NULL) STRICT;
  CREATE INDEX places_place ON places (place);
  CREATE INDEX places_row ON places (row_id);
  ${rowTables.map(({ table }) => fillPlaces(table)).join("")}
  ${rowTables
    .map(
      ({ table }) => `
    CREATE TRIGGER ${table}_places AFTER DELETE ON ${table} BEGIN DELETE FROM places WHERE row_id = old.id; END;
    DROP INDEX ${table}_kinds;
    ALTER TABLE ${table} DROP COLUMN kinds;`,
    )
    .join("")}
`;

function fillPlaces(table: string): string {
  const fill = (place: string, condition: string) =>
    ["resources", "leaving"].map(
      (list) => `
    INSERT INTO places SELECT ${place}, ${table}.id, listed.value
      FROM ${table}, json_each(${table}.value, '$.${list}') AS listed WHERE ${condition};`,
    );
  const field = (path: string) => `listed.value ->> '$.${path}'`;
  const isKind = (kind: string) => `${field("kind")} = '${kind}'`;
  const onHost = (name: string, netns: string) => `${field(name)} IS NOT NULL AND ${field(netns)} IS NULL`;
  return [
    ...fill(
      `'link ' || (${field("name")})`,
      `${isKind("link")} AND ${field("type")} <> 'loopback' AND ${onHost("name", "netns")}`,
    ),
    ...fill(`'link ' || (${field("peer.name")})`, `${isKind("link")} AND ${onHost("peer.name", "peer.netns")}`),
    ...fill(`'sysctl ' || (${field("key")})`, `${isKind("sysctl")} AND ${onHost("key", "netns")}`),
    ...fill(`'localnet ' || (${field("link")})`, isKind("localnet")),
  ].join("");
}

/** The document that an image is named after. Images of earlier versions have none. */
const version8 = (): string => "ALTER TABLE images ADD COLUMN configuration TEXT;";

/** docker's words in the change log. */
const version9 = eventSchema;

/** Volumes. */
const version10 = volumeSchema;

/** Restarts and health checks of containers. */
const version11 = lifeSchema;

/** What other hosts need on this one, and pools of several ranges. */
const version12 = peerSchema;

/**
 * `migrations[n]` leads from schema version n to n + 1. A released one is never edited: a later one corrects it. Functions, since
 * nearly every command finds its database up to date and needs no text of theirs.
 */
export const migrations: readonly (() => string)[] = [
  version1,
  version2,
  version3,
  version4,
  version5,
  version6,
  version7,
  version8,
  version9,
  version10,
  version11,
  version12,
];
