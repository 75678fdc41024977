import type { NetworkDriver, NetworkSpec, RawOptions } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Drivers } from "../contracts/drivers.js";
import { requireDriver } from "./drivers.js";
import { type SubnetRequest, subnetRequests } from "./subnet-request.js";

/** What a user asks for, and what the words in it mean. */
export interface NetworkRequest {
  readonly spec: NetworkSpec;
  readonly driver: NetworkDriver;
  /** As the driver reads them. */
  readonly options: RawOptions;
  /** Empty where the driver needs no addresses. */
  readonly subnets: readonly SubnetRequest[];
}

/** Reads a user's words about one network. Throws `invalid-input`. */
export function parseNetwork(drivers: Drivers, spec: NetworkSpec): NetworkRequest {
  const driver = requireDriver(drivers, spec.driver ?? "bridge");
  if (driver.capabilities.singleton) throw refuseSingleton(driver.type);
  const options = driver.parseOptions(spec.options ?? {});
  return { spec, driver, options, subnets: driver.capabilities.needsIpam ? subnetRequests(spec) : [] };
}

function refuseSingleton(driver: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_DRIVER_SINGLETON",
    message: `there is one network of driver "${driver}" only, and it exists already`,
    hint: `Use it as it is: tsd run --net ${driver}`,
    details: { driver },
  });
}
