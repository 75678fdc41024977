import { logEntry, type RowTableSchema, updateTrigger } from "./row-schema.js";

const volumes: RowTableSchema = {
  table: "volumes",
  kind: "volume",
  columns: "name TEXT NOT NULL UNIQUE",
  name: (row) => `${row}.name`,
  watched: ["state"],
};

/** Volumes have rows, and containers say which they mount: what was a bind is one of several kinds of mount. */
export const volumeSchema = (): string => `
  CREATE TABLE volumes (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    ${volumes.columns},
    value TEXT NOT NULL
  ) STRICT;
  CREATE INDEX volumes_unfinished ON volumes (state) WHERE state IN ('creating', 'changing', 'deleting');
  CREATE TRIGGER volumes_inserted AFTER INSERT ON volumes BEGIN ${logEntry(volumes, "new", "new.state")} END;
  ${updateTrigger(volumes, volumes.watched)}
  CREATE TRIGGER volumes_deleted AFTER DELETE ON volumes BEGIN ${logEntry(volumes, "old", "'deleted'")} END;

  ALTER TABLE containers ADD COLUMN volumes TEXT;
  CREATE INDEX containers_with_volumes ON containers (seq) WHERE volumes IS NOT NULL;
  UPDATE containers SET value = json_remove(
    json_set(value, '$.requests.mounts', (
      SELECT json_group_array(json(json_set(mount.value, '$.type', 'bind')) ORDER BY mount.key)
        FROM json_each(containers.value, '$.requests.volumes') AS mount)),
    '$.requests.volumes')
    WHERE value -> '$.requests.volumes' IS NOT NULL;
`;
