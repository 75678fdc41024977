/**
 * The change log has docker's words beside tsd's own: `action`, and `attributes` that name what the row alone names by ids. Rows
 * write entries by triggers, so no command can forget one. A row is logged before it is deleted, as long as it can be described.
 */
export const eventSchema = (): string => `
  ALTER TABLE changes ADD COLUMN action TEXT;
  ALTER TABLE changes ADD COLUMN attributes TEXT;

  DROP TRIGGER networks_updated;
  DROP TRIGGER networks_deleted;
  CREATE TRIGGER networks_updated AFTER UPDATE ON networks WHEN old.state <> new.state BEGIN
    ${entry("network", "new", { name: "new.name", what: "new.state", action: onceReady("create") })}
  END;
  CREATE TRIGGER networks_deleted BEFORE DELETE ON networks BEGIN
    ${entry("network", "old", { name: "old.name", what: "'deleted'", action: "'destroy'" })}
  END;

  DROP TRIGGER endpoints_updated;
  DROP TRIGGER endpoints_deleted;
  CREATE TRIGGER endpoints_updated AFTER UPDATE ON endpoints WHEN old.state <> new.state BEGIN
    ${entry("endpoint", "new", { what: "new.state", action: onceReady("connect") })}
  END;
  CREATE TRIGGER endpoints_deleted BEFORE DELETE ON endpoints BEGIN
    ${entry("endpoint", "old", { what: "'deleted'", action: "'disconnect'" })}
  END;

  DROP TRIGGER containers_inserted;
  DROP TRIGGER containers_updated;
  DROP TRIGGER containers_deleted;
  CREATE TRIGGER containers_inserted AFTER INSERT ON containers BEGIN
    ${entry("container", "new", { name: "new.name", what: "new.state", action: "'create'" })}
  END;
  ${containersUpdated("old.status <> new.status AND new.status = 'exited'")}
  CREATE TRIGGER containers_renamed AFTER UPDATE ON containers WHEN old.name <> new.name BEGIN
    ${entry("container", "new", {
      name: "new.name",
      what: "'renamed'",
      action: "'rename'",
      attributes: "json_object('oldName', '/' || old.name)",
    })}
  END;
  CREATE TRIGGER containers_deleted BEFORE DELETE ON containers BEGIN
    ${entry("container", "old", { name: "old.name", what: "'deleted'", action: "'destroy'" })}
  END;

  DROP TRIGGER images_deleted;
  CREATE TRIGGER images_deleted AFTER DELETE ON images BEGIN
    ${entry("image", "old", { what: "'deleted'", action: "'delete'" })}
  END;
  CREATE TRIGGER image_names_inserted AFTER INSERT ON image_names BEGIN
    ${entry("image", "new", { id: "new.image_id", name: "new.name", what: "'tagged'", action: "'tag'" })}
  END;
  CREATE TRIGGER image_names_deleted AFTER DELETE ON image_names BEGIN
    ${entry("image", "old", { id: "old.image_id", name: "old.name", what: "'untagged'", action: "'untag'" })}
  END;

  CREATE TRIGGER changes_of_containers AFTER INSERT ON changes WHEN new.kind = 'container' AND new.action IS NOT NULL BEGIN
    ${describe(`SELECT json_patch(${boundedLabels}, json_object(
      'name', name, 'image', coalesce(value ->> '$.container.spec.image', value ->> '$.container.spec.rootfs')))
      FROM containers WHERE containers.id = new.row_id`)}
  END;
  CREATE TRIGGER changes_of_networks AFTER INSERT ON changes WHEN new.kind = 'network' AND new.action IS NOT NULL BEGIN
    ${describe(`SELECT json_object('name', name, 'type', value ->> '$.network.driver')
      FROM networks WHERE networks.id = new.row_id`)}
  END;
  CREATE TRIGGER changes_of_endpoints AFTER INSERT ON changes WHEN new.kind = 'endpoint' BEGIN
    ${describe(`SELECT json_object(
      'name', networks.name, 'type', networks.value ->> '$.network.driver', 'network', network_id,
      'container', container_id, 'containerName', containers.name)
      FROM endpoints LEFT JOIN networks ON networks.id = network_id LEFT JOIN containers ON containers.id = container_id
      WHERE endpoints.id = new.row_id`)}
  END;
  CREATE TRIGGER changes_of_images AFTER INSERT ON changes WHEN new.kind = 'image' AND new.action IS NOT NULL BEGIN
    ${describe("SELECT json_object('name', coalesce(new.name, 'sha256:' || new.row_id))")}
  END;
`;

/** `ends` is true of a change at which a run is over. */
export function containersUpdated(ends: string): string {
  return `CREATE TRIGGER containers_updated AFTER UPDATE ON containers WHEN old.status <> new.status OR old.state <> new.state BEGIN
    ${entry(
      "container",
      "new",
      { name: "new.name", what: "'out of memory'", action: "'oom'" },
      `${ends} AND new.value ->> '$.container.outOfMemory'`,
    )}
    ${entry("container", "new", {
      name: "new.name",
      what: "CASE WHEN old.status <> new.status THEN new.status ELSE new.state END",
      action: `CASE
        WHEN old.status = new.status THEN NULL
        WHEN new.status = 'starting' AND old.status <> 'restarting' AND new.value ->> '$.container.attached' THEN 'attach'
        WHEN new.status = 'running' THEN 'start'
        WHEN ${ends} THEN 'die' END`,
      attributes: `CASE WHEN ${ends} THEN json_object('exitCode', (new.value ->> '$.container.exitCode') || '') END`,
    })}
  END;`;
}

/** A row that is changed while it is in use becomes `ready` as well. */
function onceReady(action: string): string {
  return `CASE WHEN old.state = 'creating' AND new.state = 'ready' THEN '${action}' END`;
}

interface Entry {
  readonly id?: string;
  readonly name?: string;
  readonly what: string;
  readonly action: string;
  readonly attributes?: string;
}

/** An entry in the change log. */
export function entry(
  kind: string,
  row: "old" | "new",
  { id = `${row}.id`, name = "NULL", what, action, attributes = "NULL" }: Entry,
  condition = "true",
): string {
  return `INSERT INTO changes (time, kind, row_id, name, what, action, attributes)
      SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '${kind}', ${id}, ${name}, ${what}, ${action}, ${attributes} WHERE ${condition};`;
}

/** json_patch leaves out what is null. */
function describe(select: string): string {
  return `UPDATE changes SET attributes = json_patch(json_patch('{}', coalesce((${select}), '{}')), coalesce(new.attributes, '{}'))
      WHERE id = new.id;`;
}

/** Characters. An image may bring megabytes of labels, and the log has thousands of entries. */
const MAX_LABELS = 2048;

/** The container's labels and its image's; none of very long ones. */
const boundedLabels = `(SELECT CASE WHEN length(labels) <= ${MAX_LABELS} THEN labels ELSE '{}' END FROM (SELECT json_patch(
      coalesce((SELECT images.value -> '$.config.labels' FROM images WHERE images.id = containers.value ->> '$.container.imageId'), '{}'),
      coalesce(containers.value -> '$.container.spec.labels', '{}')) AS labels))`;
