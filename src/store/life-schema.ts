import { containersUpdated, entry } from "./event-schema.js";

const ACTIVE = "status IN ('starting', 'running', 'restarting', 'stopping')";

/** A run is over as its container waits for the next one; what ends that wait ends no run. */
const ends = `old.status <> new.status AND (
      (new.status = 'restarting' AND old.status = 'running')
      OR (new.status = 'exited' AND old.value ->> '$.container.restartAt' IS NULL))`;

/** A container that waits for its restart holds what a running one does. What its health check says is an event. */
export const lifeSchema = (): string => `
  DROP INDEX containers_active;
  DROP INDEX containers_sandbox;
  DROP INDEX containers_maker;
  CREATE INDEX containers_active ON containers (status) WHERE ${ACTIVE};
  CREATE INDEX containers_sandbox ON containers (value ->> '$.container.sandbox.id') WHERE ${ACTIVE};
  CREATE INDEX containers_maker ON containers (value ->> '$.container.sandbox.maker') WHERE ${ACTIVE};

  DROP TRIGGER containers_updated;
  ${containersUpdated(ends)}

  ALTER TABLE containers ADD COLUMN health TEXT;
  CREATE TRIGGER containers_health AFTER UPDATE ON containers WHEN old.health IS NOT new.health AND new.health <> 'starting' BEGIN
    ${entry("container", "new", {
      name: "new.name",
      what: "'health_status: ' || new.health",
      action: "'health_status: ' || new.health",
    })}
  END;
`;
